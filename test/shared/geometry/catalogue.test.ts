/** The table of metrics, and the names of their series. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_METRICS, METRICS, metricSeries, splitSeries } from '../../../shared/geometry/index.js';

describe('METRICS', () => {
  it('says of each, once, what it is in one sentence', () => {
    expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length);
    for (const { name, title, definition } of METRICS) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(title).not.toBe('');
      expect(definition).toMatch(/^[A-Z].*[^.]\.$/);
    }
  });

  it('begins with what is measured by default', () => {
    expect(METRICS[0]!.name).toBe('cv');
    expect(DEFAULT_METRICS).toEqual(['cv']);
  });
});

describe('series', () => {
  it.each(METRICS.map(({ name }) => name))('of %s are taken apart as they were put together', (metric) => {
    for (const matrix of ['emb', 'Q_h0', 'layers.0:attention'])
      expect(splitSeries(metricSeries(matrix, metric))).toEqual({ matrix, metric });
  });

  it('of the CV have the name of the matrix alone', () => {
    expect(metricSeries('emb', 'cv')).toBe('emb');
    expect(metricSeries('emb', 'effective_rank')).toBe('emb:effective_rank');
  });

  it('whose last part is no metric are a matrix by that name', () => {
    expect(splitSeries('emb:nothing')).toEqual({ matrix: 'emb:nothing', metric: 'cv' });
    expect(splitSeries('twonn')).toEqual({ matrix: 'twonn', metric: 'cv' });
  });
});
