/** Ticks of every axis: few, round, inside the range, equally written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  epochTicks,
  formatLogTicks,
  formatPercentTicks,
  formatTicks,
  linearTicks,
  logMinorTicks,
  logTicks,
} from '../../../client/charts/ticks.js';

describe('ticks of a linear axis', () => {
  it('are two to five, ascending and inside, whatever the range', () => {
    const range = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-5, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(range, ([min, span]) => {
        const max = min + span;
        const ticks = linearTicks(min, max);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(5);
        expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
        const hair = span * 1e-6;
        expect(ticks[0]).toBeGreaterThanOrEqual(min - hair);
        expect(ticks.at(-1)).toBeLessThanOrEqual(max + hair);
      }),
    );
  });

  it('stand at round numbers and are written with the decimals their step needs', () => {
    expect(linearTicks(0.061, 0.163)).toEqual([0.08, 0.1, 0.12, 0.14, 0.16]);
    expect(formatTicks(linearTicks(0.061, 0.163))).toEqual(['0.08', '0.10', '0.12', '0.14', '0.16']);
    expect(formatTicks(linearTicks(0, 0.11))).toEqual(['0.000', '0.025', '0.050', '0.075', '0.100']);
    expect(formatTicks([0.1, 0.2, 0.3])).toEqual(['0.1', '0.2', '0.3']);
    expect(formatPercentTicks([0, 0.25, 0.5])).toEqual(['0%', '25%', '50%']);
  });

  it('are whole numbers for epochs, also where there are few', () => {
    expect(epochTicks(0, 50)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(epochTicks(0, 1)).toEqual([0, 1]);
    expect(epochTicks(0, 0)).toEqual([0, 1]);
  });
});

describe('ticks of a log axis', () => {
  it('are powers of ten over decades, thinned when there are many', () => {
    expect(logTicks(0.003, 2.4)).toEqual([0.01, 0.1, 1]);
    expect(logTicks(1e-9, 10).length).toBeLessThanOrEqual(5);
  });

  it('take 2- and 5-folds where less than two powers of ten are in range, and linear ticks in a narrow one', () => {
    expect(logTicks(0.28, 2.4)).toEqual([0.5, 1, 2]);
    expect(logTicks(2.1, 2.35).length).toBeGreaterThanOrEqual(2);
  });

  it('are written as short as they can be', () => {
    expect(formatLogTicks([0.00001, 0.01, 1, 10])).toEqual(['1e-5', '0.01', '1', '10']);
  });

  it('have minor lines between them, none outside', () => {
    expect(logMinorTicks(0.5, 2.5).map((tick) => Number(tick.toPrecision(3)))).toEqual([0.6, 0.7, 0.8, 0.9, 2]);
  });
});
