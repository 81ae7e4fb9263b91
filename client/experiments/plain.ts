/** A run of which only its name, its config's own keys and its series are known: another program's, or of an experiment that this page lacks. */
import { LOCAL_COLUMNS, type Run } from '../../shared/run.js';
import { plainStyle } from '../charts/line-style.js';
import { loggedGroups } from '../charts/metric.js';
import { entriesOf, written } from './documents.js';
import type { PageExperiment } from './experiment.js';

export const plainExperiment: PageExperiment = {
  name: '',
  sweepLine: ({ spec }) => given(spec).join(' · '),
  label: ({ name, group }) => ({ main: name, more: group === undefined ? [] : [group] }),
  kind: ({ source, experiment }) => (source === 'local' ? experiment : ''),
  parameters: ({ config, stepName, total }) => [
    ...(total === null ? [] : [{ name: `${stepName}s`, value: String(total) }]),
    ...entriesOf(config).map(({ name, value }) => ({ name, value: written(value) })),
  ],
  facets: (run) =>
    askedOf(run).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [],
    ),
  fieldNames: (runs) => [...new Set(runs.flatMap((run) => askedOf(run).map(([name]) => name)))],
  field: (run, name) => {
    const lower = name.toLowerCase();
    return askedOf(run).find(([key]) => key.toLowerCase() === lower)?.[1];
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
    return loggedGroups(names);
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
  canMeasureMore: () => false,
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

/** What can be asked of a run, as of its config, its summary, and where it belongs: by name, each once. */
function askedOf(run: Run): readonly (readonly [name: string, value: number | string])[] {
  const known = remembered.get(run.config);
  if (known !== undefined && known.run.summary === run.summary) return known.asked;
  const all = new Map<string, number | string>();
  const given = { project: run.project, group: run.group, host: hostOf(run) };
  for (const { name, value } of [...entriesOf(given), ...entriesOf(run.config), ...entriesOf(run.summary ?? {})]) {
    const one = asked(value);
    if (one !== undefined && !all.has(name)) all.set(name, one);
  }
  const made = [...all];
  remembered.set(run.config, { run, asked: made });
  return made;
}

/** By config: runs are new objects at each of their steps, and what their programs keep with them is not. */
const remembered = new WeakMap<object, { run: Run; asked: readonly (readonly [string, number | string])[] }>();

function hostOf({ host }: Run): unknown {
  return ['hostname', 'name', 'host'].map((key) => host?.[key]).find((name) => typeof name === 'string');
}

/** What a filter can compare: a number or text; a yes or no in that word. */
function asked(value: unknown): number | string | undefined {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}
