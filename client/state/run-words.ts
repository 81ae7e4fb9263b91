/** One run in words: how it stands, and what it is made of. */
import { hasEnded, type Run } from '../../shared/run.js';
import { formatTime } from './log-wording.js';
import { counted, formatDuration, formatTaken, keptLine, stepWords } from './wording.js';

export interface Fact {
  name: string;
  value: string;
}

/** What decides a run's numbers, in the order and the words of the form of a new sweep. */
export const PARAMETERS: readonly { name: string; of: (run: Run) => number | null }[] = [
  { name: 'dim', of: ({ config }) => config.dim },
  { name: 'heads', of: ({ config }) => config.heads },
  { name: 'head size', of: ({ config }) => config.headDim },
  { name: 'epochs', of: ({ total }) => total },
  { name: 'seed', of: ({ config }) => config.seed },
  { name: 'learning rate', of: ({ config }) => config.lr },
  { name: 'vocab', of: ({ config }) => config.vocab },
  { name: 'length', of: ({ config }) => config.seqLen },
  { name: 'classes', of: ({ config }) => config.classes },
  { name: 'per class', of: ({ config }) => config.samplesPerClass },
  { name: 'measure every', of: ({ config }) => config.every },
  { name: 'samples', of: ({ config }) => config.samples },
  { name: 'sample seed', of: ({ config }) => config.sampleSeed },
];

/** Why no checkpoint of a run is kept, and whether one will be. */
export function noCheckpoints(run: Run | undefined): string {
  if (run === undefined || !hasEnded(run))
    return 'none yet: one is written every few seconds of training, and when it is paused or ends';
  const ended = `none: the run ${run.status === 'stopped' ? 'was stopped' : run.status === 'completed' ? 'is completed' : `has ${run.status}`}`;
  return run.step === 0 ? `${ended} before its first ${run.stepName}` : `${ended} and none is kept`;
}

/** Parameters, then what became of the run. */
export function runFacts(run: Run, now: Date = new Date()): Fact[] {
  const time = (at: string | undefined): string | undefined => (at === undefined ? undefined : formatTime(at, now));
  const rest: [string, string | undefined][] = [
    ['engine', run.engine ?? undefined],
    ['trained for', run.seconds > 0 ? formatTaken(run.seconds) : undefined],
    ['created', time(run.createdAt)],
    ['started', time(run.startedAt)],
    ['ended', time(run.endedAt)],
    ['id', run.id],
  ];
  return [
    ...(run.source === 'local'
      ? PARAMETERS.map(({ name, of }) => ({ name, value: String(of(run)) }))
      : givenFacts(run)),
    ...rest.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
  ];
}

/** The config of another program's run: whatever it was given. */
function givenFacts({ config, stepName, total }: Run): Fact[] {
  const given = Object.entries(config).map(([name, value]: [string, unknown]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
  return [...(total === null ? [] : [{ name: `${stepName}s`, value: String(total) }]), ...given];
}

/**
 * Where the run stands and what comes next, as half a sentence.
 * @param step as far as frames have arrived
 * @param heard whether the server is: if not, nobody knows how long it will take
 */
export function statusLine(run: Run, step: number, heard = true): string {
  const { stepName, total } = run;
  const at = stepWords(run, step);
  switch (run.status) {
    case 'queued': {
      const { place, etaSeconds } = run;
      const inLine = heard && place !== undefined ? `, number ${place} in line` : '';
      const done = heard && etaSeconds !== undefined ? `, done in about ${formatDuration(etaSeconds)}` : '';
      const waits = `waits for a free slot${inLine}${done}`;
      return step === 0 ? `${waits}; its curves begin with the first ${stepName}` : `${at}, ${waits}`;
    }
    case 'running':
      return run.etaSeconds === undefined || !heard ? at : `${at}, ${formatDuration(run.etaSeconds)} left`;
    case 'pausing':
      return `${at}, pauses when the ${stepName} in hand is done`;
    case 'stopping':
      return `${at}, stops when the ${stepName} in hand is done`;
    case 'paused':
      return `${at}; resume goes on from there`;
    case 'stopped':
      return `${at}, ended by hand; resume or extend takes it up again`;
    case 'completed':
      return `${counted(total ?? step, stepName)} in ${formatTaken(run.seconds)}`;
    case 'failed':
    case 'diverged':
      return `${at}; ${keptLine(run)}`;
  }
}
