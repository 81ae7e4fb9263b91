/** The shown runs as the lines of a chart. */
import type { ChartLine } from '../charts/drawn-line.js';
import type { RunLine } from './run-lines.js';

export function chartLine({ run, label, style, replaced }: RunLine): ChartLine {
  const { epochs, config, engineSeams } = run;
  const { seed: _seed, ...others } = config;
  const more = label.more.split(' · ').filter((part) => part !== '' && !part.startsWith('seed '));
  return {
    id: run.id,
    label: [label.main, label.more].filter((part) => part !== '').join(' · '),
    style,
    config: { epochs, every: config.every },
    // A run that was trained again would count its seed twice.
    ...(!replaced && { twins: { key: JSON.stringify(others), label: [label.main, ...more].join(' · ') } }),
    ...(engineSeams !== undefined && { seams: engineSeams }),
  };
}

/** Whether any of them differ in their seed alone. */
export function haveTwins(lines: readonly ChartLine[]): boolean {
  const keys = lines.flatMap(({ twins }) => (twins === undefined ? [] : [twins.key]));
  return new Set(keys).size < keys.length;
}
