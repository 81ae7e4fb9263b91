/** The shown runs as the lines of a chart. */
import type { ChartLine } from '../charts/drawn-line.js';
import type { RunLine } from './run-lines.js';
import { fullLabel } from './wording.js';

export function chartLine({ run, label, style, replaced, shared, sweep }: RunLine): ChartLine {
  const { epochs, config, engineSeams } = run;
  const { seed: _seed, ...others } = config;
  const more = [shared, sweep].filter((part) => part !== '').join(' · ');
  return {
    id: run.id,
    label: fullLabel(label),
    main: label.main,
    style,
    config: { epochs, every: config.every },
    // A run that was trained again would count its seed twice.
    ...(!replaced && {
      seedReplicates: { key: JSON.stringify([run.sweepId, others]), label: fullLabel({ main: label.main, more }) },
    }),
    ...(engineSeams !== undefined && { seams: engineSeams }),
  };
}

/** Whether any of them differ in their seed alone. */
export function haveSeedReplicates(lines: readonly ChartLine[]): boolean {
  const keys = lines.flatMap(({ seedReplicates }) => (seedReplicates === undefined ? [] : [seedReplicates.key]));
  return new Set(keys).size < keys.length;
}
