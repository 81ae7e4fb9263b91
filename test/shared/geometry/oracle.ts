/** What numpy gives for the metrics (test/fixtures/geometry), with the matrices that both sides make alike. */
import { readFileSync } from 'node:fs';
import type { Matrix, MetricName } from '../../../shared/geometry/index.js';

interface Recipe {
  rows: number;
  columns: number;
  /** Rounded to float32. */
  single: boolean;
  values?: number[];
  seed?: number;
  scale?: number;
  offset?: number;
  /** Column j is divided by j + 1. */
  harmonic?: boolean;
}

type Expected = Partial<Record<MetricName, number | null | { value: number; se: number; valid?: number }>>;

interface Oracle {
  cases: {
    name: string;
    matrix: Recipe;
    setsSeed: number;
    singularValues: number[];
    earlier?: Recipe;
    values: Expected;
  }[];
  collapses: { name: string; matrix: Recipe; weight: Recipe; bias: Recipe; labels: number[]; values: Expected }[];
  nulls: { rows: number; columns: number; values: Partial<Record<MetricName, number | null>> }[];
}

const path = new URL('../../fixtures/geometry/oracle.json', import.meta.url);
export const oracle = JSON.parse(readFileSync(path, 'utf8')) as Oracle;

/** Uniform numbers of [0, 1): the generator of Numerical Recipes, modulo 2³². */
export function stream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function matrixOf(recipe: Recipe): Matrix {
  const { rows, columns, single, seed = 0, scale = 1, offset = 0, harmonic = false } = recipe;
  const next = stream(seed);
  const values =
    recipe.values ??
    Array.from({ length: rows * columns }, (_, index) => {
      const value = next() - 0.5;
      return (harmonic ? value / ((index % columns) + 1) : value) * scale + offset;
    });
  return { values: single ? Float32Array.from(values) : Float64Array.from(values), rows, columns };
}

export function uniform(rows: number, columns: number, seed: number): Matrix {
  return matrixOf({ rows, columns, seed, single: false });
}

/** Index sets of k corners, the first k of one permutation a sample whatever k is. */
export function simplexSets(rows: number, seed: number, samples = 60): (corners: number) => Uint32Array {
  const next = stream(seed);
  const orders = Array.from({ length: samples }, () => {
    const order = Array.from({ length: rows }, (_, i) => i);
    for (let i = 0; i < Math.min(8, rows); i++) {
      const j = i + Math.floor(next() * (rows - i));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  });
  return (corners) => Uint32Array.from(orders.flatMap((order) => order.slice(0, corners)));
}
