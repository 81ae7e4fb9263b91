/** Families of series, their heads, and what a run says of them in a row of its frames. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import {
  columnsOf,
  FAMILIES,
  quantity,
  quantityAt,
  quantityError,
  quantityId,
  formatQuantity,
  titleOf,
} from '../../../../client/experiments/attention-cv/quantity.js';
import type { Measurement } from '../../../../shared/measurement.js';
import { METRICS } from '../../../../shared/geometry/catalogue.js';
import { runSeries, seriesNames } from '../../../../shared/experiments/attention-cv/series.js';
import { appendRows, columnsForHeads } from '../../../support/frame-rows.js';

describe('quantities', () => {
  it('are loss, accuracy and every series of a run, heads gathered', () => {
    expect(FAMILIES.filter(({ metric }) => metric === 'cv').map(({ id }) => id)).toEqual([
      ...['loss', 'accuracy', 'emb', 'Q_full', 'K_full', 'V_full', 'out_proj', 'cls_head', 'Q', 'K', 'V'],
      ...['act_emb', 'act_post_full', 'act_Q', 'act_K', 'act_V', 'act_post'],
    ]);
    const all = FAMILIES.filter(({ banded }) => banded).flatMap((family) => columnsOf({ family, head: null }, 4));
    expect(all.toSorted()).toEqual(seriesNames(4).toSorted());
  });

  it('are written and read as one name', () => {
    for (const id of ['loss', 'emb', 'act_Q', 'act_Q_h0', 'V_h13', 'act_post_full']) {
      expect(quantityId(quantity(id)!)).toBe(id);
    }
    for (const id of ['', 'nothing', 'emb_h0', 'act_Q_h', 'act_post_full_h1', 'Q_full_h2'])
      expect(quantity(id)).toBeUndefined();
    expect(titleOf(quantity('act_Q')!)).toBe('act_Q, mean of heads');
    expect(titleOf(quantity('act_Q_h3')!)).toBe('act_Q, head 3');
    expect(titleOf(quantity('emb')!)).toBe('emb');
  });

  it('are those of further metrics, too, by the names of their series', () => {
    const all = FAMILIES.filter(({ metric }) => metric !== 'cv').flatMap((family) =>
      columnsOf({ family, head: null }, 4),
    );
    const metrics = METRICS.map(({ name }) => name);
    expect(all.toSorted()).toEqual(runSeries({ heads: 4, metrics }).slice(seriesNames(4).length).toSorted());
    for (const id of ['emb:twonn', 'act_Q:effective_rank', 'act_Q_h3:effective_rank', 'cls_head:nc1'])
      expect(quantityId(quantity(id)!)).toBe(id);
    for (const id of ['emb:rank', 'emb:nc1', 'act_Q:update_norm', 'loss:twonn']) expect(quantity(id)).toBeUndefined();
    expect(titleOf(quantity('act_Q_h3:twonn')!)).toBe('act_Q:twonn, head 3');
    // Nobody knows how large they are.
    expect(formatQuantity(quantity('emb:condition_number')!, 123456.7)).toBe('123457');
    expect(formatQuantity(quantity('emb:update_norm')!, 0.000123)).toBe('0.000123');
  });

  it('have the error of their heads’ mean, which one sample for all does not reduce; null where one is not known', () => {
    const columns = columnsForHeads(2);
    appendRows(
      columns,
      columns.names.map((name) => (name.startsWith('act_Q_h') ? 0.25 : NaN)),
    );
    const measured = (...errors: (number | null)[]): Measurement[] => [
      {
        ...{ epoch: 0, sample: 'fixed' },
        values: Object.fromEntries(errors.map((se, head) => [`act_Q_h${head}`, { cv: 0.25, se, valid: 300 }])),
      },
    ];
    const errorOf = (id: string, measurements: Measurement[] | undefined) =>
      quantityError(quantity(id)!, columns, 2, 0, measurements);
    expect(errorOf('act_Q', measured(0.01, 0.03))!.value).toBeCloseTo(0.02, 12);
    expect(errorOf('act_Q', measured(0.01, null))).toBeNull();
    expect(errorOf('act_Q_h1', measured(0.01, 0.03))).toEqual({ value: 0.03, measured: true });
    expect(errorOf('emb', measured(0.01, 0.03))).toBeNull();
    expect(errorOf('loss', measured(0.01, 0.03))).toBeNull();
    expect(errorOf('act_Q', undefined)).toBeUndefined();
    expect(errorOf('loss', undefined)).toBeNull();
  });

  it('average the heads that a run has, leaving out those without a value', () => {
    const columns = columnsForHeads(2);
    const row = columns.names.map((name) => ({ act_Q_h0: 0.2, act_Q_h1: 0.4, act_K_h0: 0.3, emb: 0.1 })[name] ?? NaN);
    appendRows(columns, row);
    const at = (id: string): number => quantityAt(quantity(id)!, columns, 2, 0);
    expect(at('act_Q')).toBeCloseTo(0.3, 6);
    expect(at('act_Q_h1')).toBeCloseTo(0.4, 6);
    expect(at('act_Q_h2')).toBeNaN();
    expect(at('act_K')).toBeCloseTo(0.3, 6);
    expect(at('act_V')).toBeNaN();
    expect(at('emb')).toBeCloseTo(0.1, 6);
  });

  it('are written at a fixed number of digits', () => {
    expect(formatQuantity(quantity('act_Q')!, 0.25)).toBe('0.2500');
    expect(formatQuantity(quantity('accuracy')!, 0.988)).toBe('98.8');
    expect(formatQuantity(quantity('loss')!, 0.3196)).toBe('0.3196');
    expect(formatQuantity(quantity('emb')!, NaN)).toBe('–');
  });
});
