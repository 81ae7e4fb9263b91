/**
 * The text that the original script prints, number for number in the same places, and below it two tables of our own:
 * the movement on the fixed sample with its standard error, and how far what was reached departs from chance.
 */
import { type MeasuredValue, type SampleKind, isSignificant } from '../../../shared/measurement.js';
import { BAND, inBand } from '../../../shared/experiments/attention-cv/series.js';
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { RunReport } from './run-report.js';

const NO_VALUE = '  N/A   ';
const HEADING = '='.repeat(70);
const TITLE = ['MHA CV Relational Test — Prototype', `Band: ${BAND.low.toFixed(2)} < CV < ${BAND.high.toFixed(2)}`];

const WEIGHTS = { emb: 'emb', Q_full: 'Q_full', K_full: 'K_full', V_full: 'V_full', out: 'out_proj' };
const ACTIVATIONS = {
  act_emb: 'act_emb',
  aQ_h0: 'act_Q_h0',
  aK_h0: 'act_K_h0',
  aV_h0: 'act_V_h0',
  aPost0: 'act_post_h0',
  act_full: 'act_post_full',
};

/** Widths of the columns that a grid over seeds or learning rates needs to tell its rows apart; 0 = not shown. */
interface Identity {
  seed: number;
  lr: number;
}

/** A table below the configs' blocks, a row a run. */
interface Table {
  /** Up to the rule above the first row. */
  head: string[];
  row: (run: RunReport) => string;
}

/**
 * The whole output, the script's part and then our own tables, in pieces that end with a line feed. A run's report
 * is asked for once, in the order of `configs`, and not stored.
 */
export function* renderReport(
  configs: readonly Pick<RunConfig, 'seed' | 'lr'>[],
  reports: Iterable<RunReport>,
): Generator<string> {
  const identity = identityOf(configs);
  yield* renderParts(reports, identity, [...scriptTables(identity), ...ownTables(identity)], true);
}

/** What the script prints for these runs, from their script measurements. */
export function renderScriptReport(runs: readonly RunReport[]): string {
  const identity = identityOf(runs);
  return [...renderParts(runs, identity, scriptTables(identity), true)].join('');
}

/**
 * Of one and the same sample: the movement from before to after training, `*` = beyond two standard errors; and how far
 * the values after it are from what chance gives, `*` = beyond two standard deviations.
 */
export function renderOwnTables(runs: readonly RunReport[]): string {
  const identity = identityOf(runs);
  return [...renderParts(runs, identity, ownTables(identity), false)].join('');
}

function* renderParts(
  reports: Iterable<RunReport>,
  identity: Identity,
  tables: readonly Table[],
  withBlocks: boolean,
): Generator<string> {
  const rows = tables.map((): string[] => []);
  if (withBlocks) yield text(TITLE);
  for (const run of reports) {
    if (withBlocks) yield text(configLines(run, identity));
    tables.forEach((table, index) => rows[index]!.push(table.row(run)));
  }
  for (const [index, { head }] of tables.entries()) yield text([...head, ...rows[index]!]);
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function scriptTables(identity: Identity): Table[] {
  return [
    summaryTable('SUMMARY: Post-training WEIGHT CV by head_dim', identity, 80, WEIGHTS, cvCells, true),
    summaryTable(
      'SUMMARY: Post-training ACTIVATION CV by head_dim\n(These measure the space where attention actually operates)',
      identity,
      90,
      ACTIVATIONS,
      cvCells,
      true,
    ),
    summaryTable('SUMMARY: ACTIVATION CV movement (post - pre)', identity, 80, ACTIVATIONS, movementCells, false),
  ];
}

function ownTables(identity: Identity): Table[] {
  return [movementTable(identity), departureTable(identity)];
}

function movementTable(identity: Identity): Table {
  return postTable(
    'FIXED SAMPLE: ACTIVATION CV movement (post - pre) ± standard error\n' +
      '(* beyond two standard errors: the geometry moved, not the sampling)',
    identity,
    ACTIVATIONS,
    17,
    movementWithError,
  );
}

function departureTable(identity: Identity): Table {
  return postTable(
    'FIXED SAMPLE: departure of the post-training CV from chance\n' +
      '(in standard deviations of Gaussian rows of the same shape; * beyond two)',
    identity,
    { ...WEIGHTS, ...ACTIVATIONS },
    8,
    departureCell,
  );
}

/** Of what the fixed sample says after training. */
function postTable(
  title: string,
  identity: Identity,
  columns: Record<string, string>,
  width: number,
  cell: (value: MeasuredValue | undefined) => string,
): Table {
  return {
    head: [
      ...tableHead(title),
      `${identityTitles(identity)} |${titles(columns, width)}`,
      '-'.repeat(identityTitles(identity).length + 2 + Object.keys(columns).length * (width + 1)),
    ],
    row: (run) => {
      const post = valuesAt(run, 'fixed', run.epochs);
      const cells = Object.values(columns).map((name) => cell(post?.[name]).padStart(width));
      return `${identityCells(run, identity)} | ${cells.join(' ')}`.trimEnd();
    },
  };
}

function departureCell(value: MeasuredValue | undefined): string {
  const departure = value?.nulls?.gaussian?.departure ?? null;
  return departure === null ? 'N/A ' : `${signed(departure, 1)}${Math.abs(departure) > 2 ? '*' : ' '}`;
}

function configLines(run: RunReport, identity: Identity): string[] {
  const more = `${identity.seed > 0 ? ` seed=${run.seed}` : ''}${identity.lr > 0 ? ` lr=${run.lr}` : ''}`;
  const pre = valuesAt(run, 'script', 0);
  const middle = Math.floor(run.epochs / 2);
  const mid = run.epochs < 2 ? undefined : valuesAt(run, 'script', middle);
  const post = run.epochs < 1 ? undefined : valuesAt(run, 'script', run.epochs);
  const lines = ['', HEADING, `D=${run.dim} heads=${run.heads} head_dim=${run.headDim}${more}`, HEADING];
  if (pre) lines.push('', '  [pre-train]', ...seriesLines(pre));
  if (mid) lines.push('', `  [epoch ${middle}] ${state(run, middle)}`, ...seriesLines(mid));
  if (post) lines.push('', `  [post-train] ${state(run, run.epochs)}`, ...seriesLines(post, pre));
  if (run.status !== 'completed') lines.push('', `  [${ending(run)}]`);
  return lines;
}

function seriesLines(values: Record<string, MeasuredValue>, since?: Record<string, MeasuredValue>): string[] {
  return Object.entries(values).map(([name, { cv }]) => {
    const before = since?.[name]?.cv ?? null;
    const delta = cv === null || before === null ? '' : ` Δ=${signed(cv - before, 4)}`;
    return `    ${name.padEnd(16)}: ${bandCell(cv)}${delta}`;
  });
}

function state(run: RunReport, epoch: number): string {
  return `loss=${unsigned(run.loss[epoch], 4)} acc=${percent(run.accuracy[epoch])}`;
}

function ending(run: RunReport): string {
  const epoch = Math.max(0, run.accuracy.length - 1);
  return `${run.status} after epoch ${epoch} of ${run.epochs}${run.error === undefined ? '' : `: ${run.error}`}`;
}

function summaryTable(
  title: string,
  identity: Identity,
  ruleWidth: number,
  columns: Record<string, string>,
  cells: (run: RunReport, names: string[]) => string[],
  withAccuracy: boolean,
): Table {
  const extraWidth = identityTitles(identity).length - identityTitles({ seed: 0, lr: 0 }).length;
  return {
    head: [
      ...tableHead(title),
      `${identityTitles(identity)} |${titles(columns, 8)}${withAccuracy ? ' | acc' : ''}`,
      '-'.repeat(ruleWidth + extraWidth),
    ],
    row: (run) => {
      const row = `${identityCells(run, identity)} | ${cells(run, Object.values(columns)).join(' ')}`;
      return withAccuracy ? `${row} | ${percent(run.accuracy[run.epochs])}` : row;
    },
  };
}

function tableHead(title: string): string[] {
  return ['', '', HEADING, title, HEADING];
}

function titles(columns: Record<string, string>, width: number): string {
  return Object.keys(columns)
    .map((title) => ` ${title.padStart(width)}`)
    .join('');
}

function cvCells(run: RunReport, names: string[]): string[] {
  const post = valuesAt(run, 'script', run.epochs);
  return names.map((name) => bandCell(post?.[name]?.cv ?? null));
}

function movementCells(run: RunReport, names: string[]): string[] {
  const pre = valuesAt(run, 'script', 0);
  const post = valuesAt(run, 'script', run.epochs);
  return names.map((name) => {
    const before = pre?.[name]?.cv ?? null;
    const after = post?.[name]?.cv ?? null;
    return (before === null || after === null ? '  N/A  ' : signed(after - before, 4)).padStart(8);
  });
}

function movementWithError(value: MeasuredValue | undefined): string {
  const movement = value?.movement ?? null;
  const standardError = value?.movementSe ?? null;
  if (movement === null) return 'N/A ';
  if (standardError === null) return `${signed(movement, 4)} ±   N/A `;
  const mark = isSignificant(movement, standardError) ? '*' : ' ';
  return `${mark}${signed(movement, 4)} ±${unsigned(standardError, 4)}${mark}`;
}

function bandCell(cv: number | null): string {
  if (cv === null) return NO_VALUE;
  const mark = inBand(cv) ? '*' : ' ';
  return `${mark}${unsigned(cv, 4)}${mark}`;
}

function valuesAt(run: RunReport, sample: SampleKind, epoch: number): Record<string, MeasuredValue> | undefined {
  return run.measurements.find((measurement) => measurement.sample === sample && measurement.epoch === epoch)?.values;
}

function identityOf(runs: readonly Pick<RunConfig, 'seed' | 'lr'>[]): Identity {
  const width = (title: string, values: number[]): number =>
    new Set(values).size > 1 ? Math.max(title.length, ...values.map((value) => String(value).length)) : 0;
  return {
    seed: width(
      'seed',
      runs.map((run) => run.seed),
    ),
    lr: width(
      'lr',
      runs.map((run) => run.lr),
    ),
  };
}

function identityTitles(identity: Identity): string {
  return identityRow(['D', 'heads', 'hdim'], 'seed', 'lr', identity);
}

function identityCells(run: RunReport, identity: Identity): string {
  return identityRow([run.dim, run.heads, run.headDim], run.seed, run.lr, identity);
}

function identityRow(
  always: (string | number)[],
  seed: string | number,
  lr: string | number,
  widths: Identity,
): string {
  const cells = always.map((value) => String(value).padStart(5));
  if (widths.seed > 0) cells.push(String(seed).padStart(widths.seed));
  if (widths.lr > 0) cells.push(String(lr).padStart(widths.lr));
  return cells.join(' ');
}

/** More digits than any tie of a double in print range needs to show itself. */
const GUARD_DIGITS = 30;

/** `f"{value:.{digits}f}"`; `nan` where there is no number. */
export function unsigned(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return 'nan';
  return value < 0 || Object.is(value, -0) ? `-${magnitude(-value, digits)}` : magnitude(value, digits);
}

/** `f"{value:+.{digits}f}"` */
export function signed(value: number, digits: number): string {
  const text = unsigned(value, digits);
  return text.startsWith('-') ? text : `+${text}`;
}

/** `f"{value:.2%}"`; `N/A` where there is no number. */
export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? 'N/A' : `${unsigned(value * 100, 2)}%`;
}

/** Python rounds an exact tie to the even digit, `toFixed` away from zero: 0.03125 is 0.0312 there and 0.0313 here. */
function magnitude(value: number, digits: number): string {
  const exact = value.toFixed(digits + GUARD_DIGITS);
  const truncated = exact.slice(0, -GUARD_DIGITS);
  const isTie = /^50*$/.test(exact.slice(-GUARD_DIGITS));
  return isTie && /[02468]$/.test(truncated) ? truncated : value.toFixed(digits);
}
