/** A run of which only its name, its config's own keys and its series are known: another program's, or of an experiment that this page lacks. */
import { LOCAL_COLUMNS, type Run } from '../../shared/run.js';
import { plainStyle } from '../charts/line-style.js';
import { loggedGroup } from '../charts/metric.js';
import type { PageExperiment } from './experiment.js';

export const plainExperiment: PageExperiment = {
  name: '',
  owns: () => false,
  sweepLine: ({ spec }) => given(spec).join(' · '),
  label: ({ name }) => ({ main: name, more: [] }),
  kind: ({ experiment }) => experiment,
  parameters: ({ config, stepName, total }) => [
    ...(total === null ? [] : [{ name: `${stepName}s`, value: String(total) }]),
    ...Object.entries(config).map(([name, value]) => ({ name, value: written(value) })),
  ],
  facets: ({ config }) =>
    Object.entries(config).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [],
    ),
  numberNames: [],
  number: () => NaN,
  grid: () => undefined,
  identity: () => ({}),
  seedReplicates: () => undefined,
  compareNotes: () => [],
  measured: () => null,
  groups: (runs) => {
    const names = seriesOf(runs);
    return names.length === 0 ? [] : [loggedGroup(names)];
  },
  groupsKey: (runs) => JSON.stringify(seriesOf(runs)),
  newest: undefined,
  xSeries: [],
  isX: () => false,
  filterSeries: () => undefined,
  whyNoValue: () => undefined,
  errorOf: () => null,
  measuredOn: () => '',
  styles:
    () =>
    (_run, { order, theme, replaced }) =>
      plainStyle(order, theme, replaced),
  band: undefined,
  viewNames: [],
  openAddress: () => undefined,
};

/** What trains here has loss and accuracy beside its series, if only without values. */
function seriesOf(runs: readonly Run[]): string[] {
  const training = LOCAL_COLUMNS.slice(1);
  return [...new Set(runs.flatMap(({ source, series }) => (source === 'local' ? [...training, ...series] : series)))];
}

/** `start 5`, `rates 0.1, 0.2`. */
function given(spec: object): string[] {
  return Object.entries(spec).map(([name, value]: [string, unknown]) =>
    Array.isArray(value) ? `${name} ${value.map(written).join(', ')}` : `${name} ${written(value)}`,
  );
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
