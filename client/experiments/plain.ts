/** A run of which only its name, its config's own keys and its series are known: another program's, or of an experiment that this page lacks. */
import { LOCAL_COLUMNS, type Run } from '../../shared/run.js';
import { plainStyle } from '../charts/line-style.js';
import { loggedGroup } from '../charts/metric.js';
import type { PageExperiment } from './experiment.js';

export const plainExperiment: PageExperiment = {
  name: '',
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
  fieldNames: (runs) => [
    ...new Set(runs.flatMap(({ config }) => Object.keys(config).filter((name) => asked(config[name]) !== undefined))),
  ],
  field: ({ config }, name) => {
    const lower = name.toLowerCase();
    return asked(Object.entries(config).find(([key]) => key.toLowerCase() === lower)?.[1]);
  },
  examples: {
    fields: [],
    run: 'baseline',
    terms: [],
    filter: 'loss<0.1',
    tip: 'tag=good loss<0.1 acc>0.99',
    find: 'loss|acc.*',
    help: {
      configs: [
        { terms: ['wd>0.05', 'model:resnet'], title: 'any key of a config' },
        { terms: ['epoch>10', 'epochs=50'], title: 'epoch: trained so far; epochs: to train' },
      ],
      series: [{ terms: ['val_loss<0.3'], title: 'any series' }],
    },
  },
  grid: () => undefined,
  identity: () => ({}),
  seedReplicates: () => undefined,
  compareNotes: () => [],
  measured: () => null,
  ribbonOf: undefined,
  groups: (runs) => {
    const names = seriesOf(runs);
    return names.length === 0 ? [] : [loggedGroup(names)];
  },
  groupsKey: (runs) => JSON.stringify(seriesOf(runs)),
  table: { label: 'run' },
  xSeries: [],
  isX: () => false,
  filterSeries: (written, runs) => {
    const name = runs.flatMap(({ series }) => series).find((each) => each.toLowerCase() === written);
    return name === undefined ? undefined : { name, columns: () => [name] };
  },
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

/** What a filter can compare: a number or text; a yes or no in that word. */
function asked(value: unknown): number | string | undefined {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
