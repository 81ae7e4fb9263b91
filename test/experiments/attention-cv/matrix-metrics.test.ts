import { beforeAll, describe, expect, it } from 'vitest';
import { makeDataset } from '../../../server/experiments/attention-cv/dataset.js';
import { openEngine } from '../../../server/experiments/attention-cv/engine/backend.js';
import { engineModel } from '../../../server/experiments/attention-cv/engine-model.js';
import { loadKernels } from '../../../server/experiments/attention-cv/kernels/kernels.js';
import { MatrixMetrics, meanRows } from '../../../server/experiments/attention-cv/matrix-metrics.js';
import {
  initialiseParameters,
  parameter,
  parameterLayout,
} from '../../../server/experiments/attention-cv/parameters.js';
import { Generator } from '../../../server/experiments/attention-cv/random.js';
import { Trainer, type TrainedEpoch } from '../../../server/experiments/attention-cv/trainer.js';
import { metricTargets, runSeries, seriesNames } from '../../../shared/experiments/attention-cv/series.js';
import { LOCAL_COLUMNS } from '../../../shared/run.js';
import { gaussianNull, METRICS, type MetricName } from '../../../shared/geometry/index.js';
import { sha256 } from '../../support/golden.js';
import { testConfig } from '../../support/test-config.js';

const ALL = METRICS.map(({ name }) => name).filter((name) => name !== 'cv');
const config = testConfig({ dim: 16, heads: 2, headDim: 8, epochs: 7, classes: 4, samplesPerClass: 6, samples: 40 });
const [wasm, tensor] = await Promise.all([engineModel('wasm'), engineModel('wasm/tensor')]);
beforeAll(() => openEngine('wasm', 'tensor'));

const withMetrics = (metrics: MetricName[], fields: Partial<typeof config> = {}): typeof config => ({
  ...config,
  ...fields,
  metrics,
});

/** Everything of a frame but the seconds, as bits. */
function bits({ values, measurements }: TrainedEpoch): string {
  const row = values.slice();
  row[LOCAL_COLUMNS.indexOf('seconds')] = 0;
  return sha256(row) + JSON.stringify(measurements);
}

/** By series, of one frame. */
function seriesOf(frame: TrainedEpoch, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, frame.values[LOCAL_COLUMNS.length + i]!]));
}

describe('the series of further metrics', () => {
  it('follow the CVs, a metric after the other in the order of the catalogue, each of the matrices it is of', () => {
    const names = runSeries({ heads: 2, metrics: ['update_norm', 'nc1', 'effective_rank'] });
    const matrices = seriesNames(2);
    expect(names.slice(0, matrices.length)).toEqual(matrices);
    const weights = matrices.filter((name) => !name.startsWith('act_'));
    expect(names.slice(matrices.length)).toEqual([
      ...matrices.map((name) => `${name}:effective_rank`),
      'cls_head:nc1',
      ...weights.map((name) => `${name}:update_norm`),
    ]);
    expect(runSeries({ heads: 2 })).toEqual(matrices);
    expect(runSeries({ heads: 2, metrics: ['cv'] })).toEqual(matrices);
  });
});

describe('a run that is measured by further metrics', () => {
  it('has the frames that it has without them, bit for bit, and theirs behind', () => {
    const plain = [...new Trainer(config, wasm).epochs()];
    const measured = [...new Trainer(withMetrics(ALL), wasm).epochs()];
    const width = LOCAL_COLUMNS.length + seriesNames(2).length;
    const seconds = LOCAL_COLUMNS.indexOf('seconds');
    measured.forEach(({ values }, epoch) => {
      const [row, expected] = [values.slice(0, width), plain[epoch]!.values.slice()];
      row[seconds] = expected[seconds] = 0;
      expect(row).toEqual(expected);
      expect(values).toHaveLength(LOCAL_COLUMNS.length + runSeries({ heads: 2, metrics: ALL }).length);
    });
  });

  it.each([1, 3])('goes on bit for bit from its state after any epoch (every %i)', (every) => {
    const asked = withMetrics(['effective_rank', 'nc4', 'cka_previous', 'cka_initial', 'update_norm'], { every });
    const expected = [...new Trainer(asked, wasm).epochs()].map(bits);
    for (let cut = 0; cut < asked.epochs; cut++) {
      const first = new Trainer(asked, wasm);
      const seen: string[] = [];
      for (const frame of first.epochs()) {
        seen.push(bits(frame));
        if (frame.epoch === cut) break;
      }
      for (const frame of new Trainer(asked, wasm, first.state()).epochs()) seen.push(bits(frame));
      expect(seen, `after epoch ${cut}`).toEqual(expected);
    }
  });

  it('tells in its full measurements of every matrix each metric with its null, or why there is none', () => {
    const [start, , , , , , , last] = [...new Trainer(withMetrics(ALL), wasm).epochs()];
    const values = last!.measurements.find(({ sample }) => sample === 'fixed')!.values;
    for (const { matrix, metric } of metricTargets(withMetrics(ALL))) {
      const told = values[matrix]!.metrics![metric]!;
      expect((told.value === null) !== (told.reason === undefined), `${matrix} ${metric}`).toBe(true);
    }
    const emb = values['emb']!.metrics!;
    expect(emb['participation_ratio']!.null).toBe(gaussianNull('participation_ratio', config.vocab, config.dim));
    expect(values['cls_head']!.metrics!['cv_8']).toMatchObject({ value: null, reason: 'fewer than 8 rows' });
    const before = start!.measurements.find(({ sample }) => sample === 'fixed')!.values['emb']!.metrics!;
    expect(before['cka_initial']!.value).toBeCloseTo(1, 12);
    expect(before['cka_previous']).toMatchObject({ value: null, reason: 'no earlier matrix' });
    // The script's measurement is the script's.
    const script = last!.measurements.find(({ sample }) => sample === 'script')!.values;
    expect(Object.values(script).every(({ metrics }) => metrics === undefined)).toBe(true);
  });

  it('is measured by the same numbers whoever computes it', () => {
    const names = runSeries({ heads: 2, metrics: ALL });
    const [one, other] = [wasm, tensor].map((model) => {
      return seriesOf([...new Trainer(withMetrics(ALL, { epochs: 2 }), model).epochs()].at(-1)!, names);
    });
    for (const name of names) {
      // LayerNorm takes a dimension away: what is left of it there is rounding, and so is what divides by it.
      if (/^act_post_full:condition_number|:power_law$/.test(name)) continue;
      const [a, b] = [one![name]!, other![name]!];
      expect(Number.isNaN(a), name).toBe(Number.isNaN(b));
      if (!Number.isNaN(a)) expect(Math.abs(a - b) / Math.max(1, Math.abs(a)), name).toBeLessThan(2e-4);
    }
  });
});

describe('what the metrics are measured from', () => {
  const { kernels, regions } = loadKernels((arena) => wasm.plan(arena, config));
  const generator = new Generator(config.seed);
  const data = makeDataset(generator, config);
  const layout = parameterLayout(config);
  const parameters = new Float32Array(layout.size);
  initialiseParameters(parameters, layout, generator, config);
  const model = regions.build(kernels, data, parameters);
  const { accuracy } = model.pass({ gradients: false, observe: true });

  it('are for the simplices those of the fixed sample, the same for every run', () => {
    const [frame] = new Trainer(withMetrics(['cv_6']), wasm).epochs();
    const metrics = new MatrixMetrics(kernels, model, withMetrics(['cv_4', 'cv_6']), data.y);
    const { details } = metrics.measure();
    expect(details.get('emb')!['cv_6']!.value).toBeCloseTo(
      seriesOf(frame!, runSeries(withMetrics(['cv_6'])))['emb:cv_6']!,
      6,
    );
    // With the fifth corner the fourth is the same: smaller simplices vary less.
    expect(details.get('emb')!['cv_4']!.value).toBeLessThan(details.get('emb')!['cv_6']!.value!);
  });

  it('is for the classes the input of the classifier: it classifies as the model does', () => {
    const { pointer, stride, rows, columns } = model.cloud('act_post_full');
    const values = new Float32Array(kernels.memory.buffer, pointer, (rows - 1) * stride + columns);
    const features = meanRows({ values, rows, columns, stride }, config.seqLen);
    // All samples are seen here.
    expect(features.rows).toBe(data.y.length);
    const [weight, bias] = [parameter(parameters, layout, 'head.weight'), parameter(parameters, layout, 'head.bias')];
    const right = data.y.filter((label, sample) => {
      const logits = Array.from({ length: config.classes }, (_, c) => {
        let sum = bias[c]!;
        for (let j = 0; j < columns; j++) sum += weight[c * columns + j]! * features.values[sample * columns + j]!;
        return sum;
      });
      return logits.indexOf(Math.max(...logits)) === label;
    });
    expect(right.length / data.y.length).toBeCloseTo(accuracy, 12);
  });
});
