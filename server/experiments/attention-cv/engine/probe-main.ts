/** Child side of `probeEngines`: opens the engine named in argv and says how that went. */
import type { EngineName } from '../../../../shared/engine.js';
import { firstLineOf } from '../../../message-of.js';
import { openEngine } from './backend.js';

const answer = await openEngine(process.argv[2] as EngineName).then(
  (engine) => ({ engine }),
  (error: unknown) => ({ reason: firstLineOf(error) }),
);
process.send?.(answer, () => process.exit(0));
