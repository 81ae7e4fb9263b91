import { describe, expect, it } from 'vitest';
import { metricGroups } from '../../../../client/experiments/attention-cv/metric-groups.js';
import { runSeries } from '../../../../shared/experiments/attention-cv/series.js';
import { METRICS, type MetricName } from '../../../../shared/geometry/catalogue.js';

const sizes = { vocab: 256, classes: 10 };
const ALL = METRICS.map(({ name }) => name);

describe('the charts of the attention experiment', () => {
  it('are those of the CVs alone where nothing else is measured', () => {
    const ids = metricGroups(2, sizes).map(({ id }) => id);
    expect(ids).toEqual(['training', 'weights', 'weight-heads', 'activations', 'activation-heads']);
    expect(metricGroups(2, sizes, ['cv'])).toEqual(metricGroups(2, sizes));
  });

  it('have one for every series of a run, in one group a metric behind the CVs', () => {
    const groups = metricGroups(3, sizes, ALL);
    const drawn = groups.flatMap(({ metrics }) => metrics.map(({ name }) => name));
    expect(drawn.filter((name) => name !== 'loss' && name !== 'accuracy').sort()).toEqual(
      runSeries({ heads: 3, metrics: ALL }).sort(),
    );
    expect(groups.slice(5).map(({ id }) => id)).toEqual(ALL.slice(1));
    // Only CVs are held against the band.
    expect(groups.slice(5).every(({ metrics }) => metrics.every(({ banded }) => !banded))).toBe(true);
  });

  it('draw the heads of a run together, and whole matrices as they are', () => {
    const of = (name: MetricName) => metricGroups(2, sizes, [name]).at(-1)!;
    const { metrics } = of('effective_rank').ribbons!;
    expect(metrics.map(({ name }) => name).slice(0, 5)).toEqual(
      ['emb', 'Q_full', 'K_full', 'V_full', 'Q'].map((matrix) => `${matrix}:effective_rank`),
    );
    expect(metrics.find(({ name }) => name === 'act_Q:effective_rank')!.ribbon).toEqual([
      'act_Q_h0:effective_rank',
      'act_Q_h1:effective_rank',
    ]);
    expect(of('nc1')).toMatchObject({ metrics: [{ name: 'cls_head:nc1' }] });
    expect(of('nc1').ribbons).toBeUndefined();
    expect(of('twonn').metrics[0]).toMatchObject({ note: 'dimensions · 256 × dim' });
  });
});
