/** `npm run bench -- NAME`: measurements that README and notes quote, printed as ratios of one interleaved run. */
import { Command } from 'commander';
import { registerFindingsBench } from './findings-bench.js';
import { registerLauncherBench } from './launcher-bench.js';
import { registerMemoryBench } from './memory-bench.js';
import { registerPageBench } from './page-bench.js';
import { registerScaleBench } from './scale-bench.js';
import { registerStreamBench } from './stream-bench.js';
import { registerSweepBench } from './sweep-bench.js';

const program = new Command('bench').description('Measures, and prints ratios taken in one interleaved run.');
registerPageBench(program);
registerSweepBench(program);
registerScaleBench(program);
registerStreamBench(program);
registerMemoryBench(program);
registerLauncherBench(program);
registerFindingsBench(program);
await program.parseAsync();
