/** The attention experiment as the page sees it. */
import { fullMeasurementEpochs, isMeasuredEpoch } from '../../../shared/experiments/attention-cv/measuring.js';
import { ATTENTION_CV, REFERENCE } from '../../../shared/experiments/attention-cv/reference.js';
import { BAND } from '../../../shared/experiments/attention-cv/series.js';
import type { RunConfig, SweepSpec } from '../../../shared/experiments/attention-cv/sweep.js';
import { metricSeries, type MetricName, splitSeries } from '../../../shared/geometry/catalogue.js';
import { NULL_NAMES } from '../../../shared/measurement.js';
import type { Run, Sweep } from '../../../shared/run.js';
import { distinct } from '../../data/statistics.js';
import { isCvColumn } from '../../charts/chart-settings.js';
import type { PageExperiment, StyleOf } from '../experiment.js';
import { configOf } from './config.js';
import { openEpochViews } from './epoch-views.js';
import { lineStyle } from './line-style.js';
import { metricGroups } from './metric-groups.js';
import { columnsOf, FAMILIES, quantity, quantityError } from './quantity.js';

/** What decides a run's numbers, in the order and the words of the form of a new sweep. */
const PARAMETERS: readonly { name: string; of: (config: RunConfig, run: Run) => number | null }[] = [
  { name: 'dim', of: ({ dim }) => dim },
  { name: 'heads', of: ({ heads }) => heads },
  { name: 'head size', of: ({ headDim }) => headDim },
  // Not the config's, which an extended run has outgrown.
  { name: 'epochs', of: (_config, { total }) => total },
  { name: 'seed', of: ({ seed }) => seed },
  { name: 'learning rate', of: ({ lr }) => lr },
  { name: 'vocab', of: ({ vocab }) => vocab },
  { name: 'length', of: ({ seqLen }) => seqLen },
  { name: 'classes', of: ({ classes }) => classes },
  { name: 'per class', of: ({ samplesPerClass }) => samplesPerClass },
  { name: 'measure every', of: ({ every }) => every },
  { name: 'samples', of: ({ samples }) => samples },
  { name: 'sample seed', of: ({ sampleSeed }) => sampleSeed },
];

/** As a filter and the table's order call them. */
const NUMBERS: Readonly<Record<string, (config: RunConfig) => number>> = {
  dim: ({ dim }) => dim,
  heads: ({ heads }) => heads,
  hd: ({ headDim }) => headDim,
  seed: ({ seed }) => seed,
  lr: ({ lr }) => lr,
  vocab: ({ vocab }) => vocab,
  length: ({ seqLen }) => seqLen,
  classes: ({ classes }) => classes,
  samples: ({ samples }) => samples,
};

/** What a sweep line tells where it differs from the original experiment. */
const UNUSUAL = {
  vocab: 'vocab',
  seqLen: 'length',
  classes: 'classes',
  samplesPerClass: 'per class',
  every: 'measured every',
  samples: 'samples',
  sampleSeed: 'sample seed',
} as const;

const SERIES = new Map(FAMILIES.map(({ id }) => [id.toLowerCase(), id]));

export const attentionCv: PageExperiment = {
  name: ATTENTION_CV,
  /** `dim 64, 128 × heads 1, 2 · 50 epochs · seed 42`, and what differs from the original experiment. */
  sweepLine: (sweep) => {
    const { dims, heads, seeds, lrs, epochs, ...rest } = specOf(sweep);
    const usualRate = lrs.length === 1 && lrs[0] === REFERENCE.lrs[0];
    const changed = (Object.keys(UNUSUAL) as (keyof typeof UNUSUAL)[]).filter((name) => rest[name] !== REFERENCE[name]);
    return [
      `dim ${dims.join(', ')} × heads ${heads.join(', ')}`,
      `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`,
      `${seeds.length > 1 ? 'seeds' : 'seed'} ${seeds.join(', ')}`,
      ...(usualRate ? [] : [`lr ${lrs.join(', ')}`]),
      ...changed.map((name) => `${UNUSUAL[name]} ${rest[name]}`),
      ...(rest.metrics === undefined ? [] : [`metrics ${rest.metrics.join(', ')}`]),
    ].join(' · ');
  },
  /** `64 × 4`, and what else tells the run from its neighbours: seed, where it is asked for, and learning rate. */
  label: (run, sweep, seeded) => {
    const { dim, heads, seed, lr } = configOf(run);
    const { seeds, lrs } = sweep?.experiment === ATTENTION_CV ? specOf(sweep) : ALONE;
    const more = [...(seeded && seeds.length > 1 ? [`seed ${seed}`] : []), ...(lrs.length > 1 ? [`lr ${lr}`] : [])];
    return { main: `${dim} × ${heads}`, more };
  },
  kind: (run) => {
    const { dim, heads, headDim, seed } = configOf(run);
    return `dim ${dim} × heads ${heads}, head size ${headDim} · seed ${seed}`;
  },
  parameters: (run) => PARAMETERS.map(({ name, of }) => ({ name, value: String(of(configOf(run), run)) })),
  facets: (run) => {
    const { dim, headDim, heads, seed, lr } = configOf(run);
    return [
      ['dim', dim],
      ['head size', headDim],
      ['heads', heads],
      ['seed', seed],
      ['lr', lr],
    ];
  },
  fieldNames: () => Object.keys(NUMBERS),
  field: (run, name) => NUMBERS[name]?.(configOf(run)),
  examples: {
    run: '64x4',
    fields: ['dim', 'heads', 'hd', 'seed', 'lr'],
    series: 'act_Q',
    terms: ['dim=64', '64x4'],
    filter: 'dim=256',
    tip: '64x4, dim=64|128 tag=good loss<0.1 acc>0.99',
    find: 'emb|full|act_.*_h0',
    help: {
      configs: [
        { terms: ['64x4'], title: 'one cell of the grid; 64x is a row, x4 a column' },
        { terms: ['dim=64|128', 'heads!=1', 'hd<=32'], title: 'sizes (hd is the head size); | means or' },
        { terms: ['seed=42', 'lr=1e-3', 'epoch>10', 'epochs=50'], title: 'epoch: trained so far; epochs: to train' },
      ],
      series: [{ terms: ['act_Q_h0>0.13', 'act_Q<0.3'], title: 'any series; without its head the mean over heads' }],
    },
  },
  grid: (run) => [configOf(run).dim, configOf(run).heads],
  identity: (run) => {
    const { dim, heads, seed, lr } = configOf(run);
    return { dim, heads, seed, lr };
  },
  seedReplicates: (run) => {
    const { seed: _seed, ...others } = configOf(run);
    return JSON.stringify([run.sweepId, others]);
  },
  compareNotes: (runs) => {
    const valuesOf = (of: (config: RunConfig) => number): number[] => distinct(runs.map((run) => of(configOf(run))));
    const heads = valuesOf((config) => config.heads);
    const every = valuesOf((config) => config.every);
    const samples = valuesOf((config) => config.samples);
    const seeds = valuesOf((config) => config.sampleSeed);
    const lengths = distinct(runs.map(({ total }) => total ?? Infinity));
    return [
      ...(heads.length > 1 ? [`heads ${heads.join(', ')}: a head is compared where both runs have it`] : []),
      ...(every.length > 1
        ? [`measured every ${every.join(', ')} epochs: CVs are compared at the epochs that both have`]
        : []),
      ...(lengths.length > 1 ? [`trained for ${lengths.join(', ')} epochs: differences end with the shorter run`] : []),
      ...(samples.length > 1 || seeds.length > 1
        ? ['measured on different samples: part of a difference of CVs is the draw']
        : []),
    ];
  },

  measured: (run) => ({ every: configOf(run).every, full: fullMeasurementEpochs(run.total ?? 0) }),
  ribbonOf: 'heads of a run',
  groups: (runs) => {
    const { maxHeads, vocab, classes } = sizesOf(runs);
    return metricGroups(maxHeads, { vocab, classes }, metricsOf(runs));
  },
  groupsKey: (runs) => [...Object.values(sizesOf(runs)), ...metricsOf(runs)].join(),
  table: {
    label: 'dim × heads',
    size: { field: 'hd', label: 'hd', title: 'head size = dim / heads' },
    newest: { series: 'act_emb', name: 'CV of act_emb', title: 'CV of act_emb; a dot marks the band' },
  },
  xSeries: FAMILIES.filter(({ metric }) => metric === 'cv').map(({ id, group, perHead }) => ({
    name: perHead ? `${id}_h0` : id,
    group,
  })),
  isX: (name) => {
    const known = quantity(name);
    // A family of heads has no one value that x could be.
    return known !== undefined && (!known.family.perHead || known.head !== null);
  },
  filterSeries: (written) => {
    const { matrix, metric } = splitSeries(written);
    const [, family = '', head = ''] = /^(.*?)(_h\d+)?$/.exec(matrix)!;
    const name = metricSeries(`${SERIES.get(family) ?? family}${head}`, metric);
    const series = quantity(name);
    return series && { name, columns: (run) => columnsOf(series, configOf(run).heads) };
  },
  whyNoValue: (run, columns, series, epoch) => {
    const { every } = configOf(run);
    if (!columns.has(series)) {
      const { metric } = splitSeries(series);
      if (metric !== 'cv' && configOf(run).metrics?.includes(metric) !== true) return 'not measured by this metric';
      return isCvColumn(series) ? 'fewer heads' : undefined;
    }
    if (series === 'loss' && epoch === 0) return 'before the first update';
    if (!isCvColumn(series) || isMeasuredEpoch(epoch, { epochs: run.total ?? 0, every })) return undefined;
    return `measured every ${every} epochs`;
  },
  errorOf: (run, columns, measurements, series, epoch) => {
    const shown = quantity(series);
    if (shown?.family.banded !== true) return null;
    return quantityError(shown, columns, configOf(run).heads, epoch, measurements());
  },
  canMeasureMore: (run) => configOf(run).nulls?.length !== NULL_NAMES.length,
  measuredOn: (run) => `${configOf(run).samples} five-point sets a CV`,

  styles,
  band: BAND,
  viewNames: ['summary', 'head-size', 'heatmap'],
  openAddress: openEpochViews,
};

const ALONE: Pick<SweepSpec, 'seeds' | 'lrs'> = { seeds: [], lrs: [] };

function specOf({ spec }: Sweep): SweepSpec {
  return spec as SweepSpec;
}

/** By which metrics besides the CV any of them is measured. */
function metricsOf(runs: readonly Run[]): MetricName[] {
  return [...new Set(runs.flatMap((run) => configOf(run).metrics ?? []))].sort();
}

/** Of none at all, as small as can be. */
function sizesOf(runs: readonly Run[]): { maxHeads: number; vocab: number; classes: number } {
  const [first] = runs;
  const { vocab, classes } = first === undefined ? { vocab: 0, classes: 0 } : configOf(first);
  return { maxHeads: Math.max(1, ...runs.map((run) => configOf(run).heads)), vocab, classes };
}

/**
 * From what the sweeps were asked to be, so that a run keeps its looks when others are hidden or deleted; and sweep
 * after sweep, so that one that is added changes nobody's hue.
 */
function styles(sweeps: readonly Sweep[]): StyleOf {
  const own = sweeps.filter(({ experiment }) => experiment === ATTENTION_CV);
  const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
  const once = (values: number[]): number[] => [...new Set(values)];
  const dims = once(own.flatMap((sweep) => ascending(specOf(sweep).dims)));
  const heads = ascending(once(own.flatMap((sweep) => specOf(sweep).heads)));
  const variants = own.flatMap((sweep) => {
    const { seeds, lrs } = specOf(sweep);
    return seeds.flatMap((seed) => lrs.map((lr) => variantOf(sweep, { seed, lr })));
  });
  return (run, { sweep, theme, replaced }) => {
    const config = configOf(run);
    const variant = Math.max(0, variants.indexOf(variantOf(sweep, config)));
    return lineStyle({ ...config, variant }, dims, heads, theme, replaced);
  };
}

function variantOf({ id }: Sweep, { seed, lr }: { seed: number; lr: number }): string {
  return `${id} ${seed} ${lr}`;
}
