/** Which of a run's series the table calls its loss and its accuracy: programs name them as they like. */
import type { Run } from '../../shared/run.js';

interface Headline {
  loss: string;
  accuracy: string;
}

const LOSS = /(^|[/_. -])loss$/i;
const ACCURACY = /(^|[/_. -])acc(uracy)?$/i;
/** Above it an accuracy is meant in percent; a share may be off by its rounding. */
const LARGEST_SHARE = 1.05;

const known = new WeakMap<readonly string[], Headline>();

export function headlineOf({ source, series }: Pick<Run, 'source' | 'series'>): Headline {
  if (source === 'local') return { loss: 'loss', accuracy: 'accuracy' };
  const before = known.get(series);
  if (before !== undefined) return before;
  const first = (name: string, like: RegExp): string =>
    series.includes(name) ? name : (series.find((each) => like.test(each)) ?? name);
  const made = { loss: first('loss', LOSS), accuracy: first('accuracy', ACCURACY) };
  known.set(series, made);
  return made;
}

type Newest = (name: string) => number;

export function newestLoss(run: Pick<Run, 'source' | 'series'>, newest: Newest): number {
  return newest(headlineOf(run).loss);
}

/** As a share. */
export function newestAccuracy(run: Pick<Run, 'source' | 'series'>, newest: Newest): number {
  const accuracy = newest(headlineOf(run).accuracy);
  return run.source === 'external' && accuracy > LARGEST_SHARE ? accuracy / 100 : accuracy;
}
