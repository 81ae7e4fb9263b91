/** The server's own judgement of a sweep, made in the page while it is typed: loaded with the form, since zod is large. */
import './zod-without-eval.js';
import type { z } from 'zod';
import {
  completeSpec,
  expandSweep,
  type RunConfig,
  sweepSpecSchema,
} from '../../../shared/experiments/attention-cv/sweep.js';

export interface CheckedSweep {
  /** By field; empty if the sweep can be begun. */
  problems: ReadonlyMap<string, string>;
  /** What it would train, in the order of its table; empty if there are problems. */
  configs: readonly RunConfig[];
}

export function checkSweep(request: object): CheckedSweep {
  const parsed = sweepSpecSchema.safeParse(request);
  if (parsed.success) return { problems: new Map(), configs: expandSweep(completeSpec(parsed.data)) };
  const problems = problemsOf(parsed.error);
  // How the fields fit together is judged only once each is right by itself: the others need not wait for those.
  const rest = Object.entries(request).filter(([field]) => !problems.has(field));
  const again = sweepSpecSchema.safeParse(Object.fromEntries(rest));
  for (const [field, message] of again.success ? [] : problemsOf(again.error))
    if (!problems.has(field)) problems.set(field, message);
  return { problems, configs: [] };
}

/** The first of each field: it names the value or the limit. */
function problemsOf({ issues }: z.ZodError): Map<string, string> {
  return new Map(issues.toReversed().map(({ path, message }) => [String(path[0] ?? ''), message]));
}
