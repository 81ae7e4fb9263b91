/** Names are shown as they were given: nothing is read out of them, and nothing in them breaks a file. */
import { describe, expect, it } from 'vitest';
import { DrawnLine } from '../../../client/charts/drawn-line.js';
import { STANDARD_SETTINGS } from '../../../client/charts/chart-settings.js';
import { figureSvg } from '../../../client/charts/figure-writers.js';
import { chartLine, runLines } from '../../../client/runs/run-lines.js';
import { gridRuns } from '../../../client/experiments/attention-cv/epoch-grid.js';
import { quantity } from '../../../client/experiments/attention-cv/quantity.js';
import { RunList } from '../../../client/data/run-list.js';
import { csvTable, markdownTable } from '../../../client/ui/table-text.js';
import { runPatchSchema } from '../../../server/runs/run-patch.js';
import { badInput } from '../../../shared/bad-input.js';
import { isPlainText, plainText } from '../../../shared/plain-text.js';
import type { Sweep } from '../../../shared/run.js';
import { completeSpec, sweepSpecSchema } from '../../../shared/experiments/attention-cv/sweep.js';
import { testConfig } from '../../support/test-config.js';
import { testRun } from '../../support/test-run.js';

function listOf(...names: string[]) {
  const seeds = [1, 2, 3];
  const sweeps = names.map((name, index): Sweep => {
    const spec = completeSpec(sweepSpecSchema.parse({ dims: [16], heads: [2], seeds }));
    return {
      id: `s${index}`,
      experiment: 'attention-cv',
      name,
      spec,
      runIds: [],
      createdAt: '2026-01-01T00:00:00.000Z',
      counts: {},
    };
  });
  const runs = sweeps.flatMap(({ id }) =>
    seeds.map((seed) => testRun(`${id}-${seed}`, id, { config: testConfig({ dim: 16, heads: 2, headDim: 8, seed }) })),
  );
  const list = new RunList();
  list.snapshot({ sweeps, runs, viewers: 1, role: 'controller' });
  return { list, lines: runLines(list.state.value, ['s0', 's1'], 'dark') };
}

const NAMES = ['seed sweep, baseline', 'warm · seed 9 · up'];
const metric = { name: 'emb', note: '', axis: 'linear', banded: true } as const;

describe('a name that looks like a label', () => {
  const { lines } = listOf(...NAMES);

  it('is shown whole, on a line of its own and on that of several seeds', () => {
    const drawn = lines.map(chartLine);
    const one = new DrawnLine(metric, [drawn[3]!], STANDARD_SETTINGS, false);
    expect([one.label, one.parts]).toEqual([
      '16 × 2 · seed 1 · warm · seed 9 · up',
      { main: '16 × 2', more: 'seed 1 · warm · seed 9 · up' },
    ]);
    const means = [drawn.slice(0, 3), drawn.slice(3)].map(
      (runs) => new DrawnLine(metric, runs, STANDARD_SETTINGS, false),
    );
    expect(means.map(({ label }) => label)).toEqual([
      '16 × 2 · seed sweep, baseline · 3 seeds',
      '16 × 2 · warm · seed 9 · up · 3 seeds',
    ]);
    expect(new Set(drawn.map(({ seedReplicates }) => seedReplicates!.key)).size).toBe(2);
  });

  it('stands whole in the grid, too', () => {
    const runs = gridRuns(
      lines,
      () => undefined,
      () => undefined,
      quantity('emb')!,
      null,
    );
    expect([...new Set(runs.map(({ variant }) => variant))]).toEqual(NAMES);
  });
});

const ESCAPE = '\u001b';
const BAD = ['\u0000', ESCAPE, '\u009b', '\ud800', '\udc00', '\uffff', '\u202e', '\u2066', '\u2028'];

describe('characters that no file may have', () => {
  it.each(BAD.map((bad) => [bad.charCodeAt(0).toString(16), bad]))(
    'are refused on the way in, with the field (U+%s)',
    (_, bad) => {
      for (const [field, change] of Object.entries({ name: `a${bad}b`, notes: `a${bad}b`, tags: ['ok', `a${bad}b`] })) {
        const parsed = runPatchSchema.safeParse({ [field]: change });
        expect(parsed.success ? '' : badInput(parsed.error).error.message).toMatch(
          new RegExp(`${field === 'notes' && bad === '\u2028' ? '' : field} must not have control characters`),
        );
      }
      expect(sweepSpecSchema.safeParse({ dims: [8], heads: [1], name: `a${bad}b` }).success).toBe(false);
    },
  );

  it('are not those of ordinary writing', () => {
    const text = 'Größe 64 × 4 – «наука», שלום, 数, 👩‍🔬 & <b> "q" | \\';
    expect([isPlainText(text), plainText(text)]).toEqual([true, text]);
    expect(runPatchSchema.safeParse({ notes: 'one\n\ttwo\r\n', name: text }).success).toBe(true);
    for (const field of [{ name: 'a\nb' }, { tags: ['a\tb'] }])
      expect(runPatchSchema.safeParse(field).success).toBe(false);
  });

  it('are left out of what was stored before', () => {
    const { list } = listOf(`sw${ESCAPE}eep`, 'b');
    expect(list.state.value.sweeps.get('s0')!.name).toBe('sweep');
    list.changed({ runs: [testRun('x', 's0', { name: 'a\nb\u202ec', notes: 'a\nb\u0000', tags: [`t${ESCAPE}`] })] });
    const { name, notes, tags } = list.state.value.runs.get('x')!;
    expect([name, notes, tags]).toEqual(['a bc', 'a\nb', ['t']]);
  });

  it('make no SVG, CSV or Markdown that cannot be read', () => {
    const text = { kind: 'text', x: 0, y: 0, text: `a${BAD.join('.')}<b> & "c"`, size: 11, bold: false } as const;
    const svg = figureSvg({
      ...{ width: 9, height: 9, background: '#ffffff', font: 'serif', plot: { x: 0, y: 0, width: 9, height: 9 } },
      shapes: [{ ...text, fill: '#000000', anchor: 'start' }],
    });
    expect(svg).toMatch(/>a[. ]+&lt;b> &amp; &quot;c&quot;<\/text>/);
    expect(isPlainText(svg, true)).toBe(true);
    expect(csvTable([[`a${ESCAPE}[31m`, 'b\nc']])).toBe('a[31m,"b\nc"\n');
    expect(markdownTable(['a\r\nb'], [[`x|y${ESCAPE}`]])).toBe('| a b |\n| --- |\n| x\\|y |\n');
  });
});
