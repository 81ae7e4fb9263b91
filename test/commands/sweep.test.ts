/** The sweep command as a process: its three outputs, how it is interrupted, and what it leaves behind. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import type { RunReport } from '../../server/experiments/attention-cv/run-report.js';
import type { EngineInfo } from '../../shared/engine.js';
import { seriesNames } from '../../shared/experiments/attention-cv/series.js';
import { type CommandEnd, runCommand, startCommand } from '../support/run-command.js';
import { signalled } from '../support/signalled.js';

interface Document {
  engine: EngineInfo | null;
  workers: number;
  seconds: number;
  runs: RunReport[];
}

const tiny = ['--vocab', '16', '--seq-len', '4', '--classes', '3', '--samples-per-class', '8', '--engine', 'cpu'];
const grid = ['sweep', '--dims', '8', '--heads', '1,2', '--epochs', '4', ...tiny, '--workers', '2'];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pentachoron-sweep-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('one sweep in three outputs', () => {
  let json: CommandEnd;
  let document: Document;
  beforeAll(async () => {
    json = await runCommand([...grid, '--json']);
    document = JSON.parse(json.stdout) as Document;
  });

  it('--json is one document with every run in the order of the grid', () => {
    expect(json.code).toBe(0);
    expect(document.engine).toMatchObject({ name: 'cpu', ops: 'kernels', threads: 1 });
    expect(document.workers).toBe(2);
    expect(document.runs.map(({ dim, heads, headDim, status }) => [dim, heads, headDim, status])).toEqual([
      [8, 1, 8, 'completed'],
      [8, 2, 4, 'completed'],
    ]);
  });

  it('--ops tensor trains the same curves by the ops of the engine, and says so', async () => {
    const { stdout } = await runCommand([...grid, '--ops', 'tensor', '--json']);
    const other = JSON.parse(stdout) as Document;
    expect(other.engine).toMatchObject({ name: 'cpu', ops: 'tensor' });
    other.runs.forEach(({ loss }, run) =>
      loss.forEach((value, epoch) => expect(value ?? 0).toBeCloseTo(document.runs[run]!.loss[epoch] ?? 0, 5)),
    );
  });

  it('--json has one value an epoch, no loss at epoch 0, and the measurements at 0, the middle and the last', () => {
    for (const run of document.runs) {
      expect(run.loss).toHaveLength(5);
      expect(run.loss[0]).toBeNull();
      expect(run.loss.slice(1).every((loss) => typeof loss === 'number' && loss > 0)).toBe(true);
      expect(run.accuracy.every((accuracy) => accuracy !== null && accuracy >= 0 && accuracy <= 1)).toBe(true);
      expect(Object.keys(run.series)).toEqual(seriesNames(run.heads));
      expect(run.measurements.map(({ epoch, sample }) => `${sample} ${epoch}`).sort()).toEqual(
        ['fixed 0', 'fixed 2', 'fixed 4', 'script 0', 'script 2', 'script 4'].sort(),
      );
      expect(run.fingerprint?.x).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('--json agrees between a trajectory and its full measurements', () => {
    const [run] = document.runs;
    const fixed = run?.measurements.filter(({ sample }) => sample === 'fixed') ?? [];
    expect(fixed).toHaveLength(3);
    for (const { epoch, values } of fixed) {
      expect(values['emb']?.cv).not.toBeNull();
      expect(run?.series['emb']?.[epoch]).toBeCloseTo(values['emb']?.cv ?? Number.NaN, 6);
    }
  });

  it('a line on stderr tells the end of each config where there is no terminal, without escape codes', () => {
    expect(json.stderr).toMatch(/\[1\/2\] 8\/[12]: completed after epoch 4 of 4/);
    expect(json.stderr).toMatch(/\[2\/2\] 8\/[12]: completed after epoch 4 of 4/);
    expect(json.stderr).not.toContain('\u001b');
  });

  it('--csv has the numbers of --json', async () => {
    const { code, stdout } = await runCommand([...grid, '--csv']);
    expect(code).toBe(0);
    const [header = '', ...lines] = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    const names = header.split(',');
    const loss = lines.map((line) => line.split(',')[names.indexOf('loss')]);
    expect(loss).toEqual(document.runs.flatMap((run) => run.loss.map((value) => value?.toString() ?? '')));
  });

  it('the tables show what --json holds', async () => {
    const { code, stdout } = await runCommand(grid);
    expect(code).toBe(0);
    for (const { heads, headDim, loss, accuracy } of document.runs) {
      expect(stdout).toContain(`D=8 heads=${heads} head_dim=${headDim}`);
      expect(stdout).toContain(
        `[post-train] loss=${loss[4]?.toFixed(4)} acc=${((accuracy[4] ?? 0) * 100).toFixed(2)}%`,
      );
    }
    expect(stdout).toContain('FIXED SAMPLE: ACTIVATION CV movement');
  });
});

describe('interruption', () => {
  it('SIGINT ends the runs, prints what was done and exits with 130', async () => {
    const args = [
      'sweep',
      '--dims',
      '8',
      '--heads',
      '1',
      '--seed',
      '1,2',
      '--epochs',
      '2000',
      '--every',
      '2000',
      ...tiny,
    ];
    const command = startCommand([...args, '--workers', '1', '--json']);
    await command.stderrMatches(/\[1\/2\]/);
    command.process.kill('SIGINT');
    const { code, stdout } = await command.ended;
    expect(code).toBe(130);
    const { runs } = JSON.parse(stdout) as Document;
    expect(runs.map(({ status }) => status)).toEqual(['completed', 'stopped']);
    expect(runs[0]?.accuracy).toHaveLength(2001);
    expect(runs[1]?.accuracy.length).toBeLessThan(2001);
  });

  const begun = ['sweep', '--dims', '8', '--heads', '1', '--epochs', '100000', '--every', '100000', ...tiny];

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s that comes before a run has begun leaves a whole document, and 130',
    async (signal) => {
      const { code, stdout } = await runCommand([...begun, '--json'], { NODE_OPTIONS: signalled(signal) });
      expect(code).toBe(130);
      expect(JSON.parse(stdout)).toMatchObject({ runs: [{ dim: 8, status: 'stopped', loss: [], accuracy: [] }] });
    },
  );

  it('an interrupted sweep ends with 130 also where nobody reads any more', async () => {
    const command = startCommand([...begun, '--json'], { NODE_OPTIONS: signalled('SIGINT') });
    command.process.stdout?.destroy();
    expect((await command.ended).code).toBe(130);
  });

  it('a second signal ends at once, and prints nothing', async () => {
    const command = startCommand([...begun, '--json'], { NODE_OPTIONS: signalled('SIGHUP', 'SIGINT') });
    expect(await command.ended).toMatchObject({ code: 130, stdout: '' });
  });

  it("a signal to the command's whole group leaves its trainers at work until they have stopped in order", async () => {
    const kept = join(folder, 'group');
    const args = [...begun, '--epochs', '2000', '--every', '2000', '--seed', '1,2,3', '--workers', '2', '--data', kept];
    const command = startCommand(args, {}, { group: true });
    await command.stderrMatches(/\[1\/3\]/);
    process.kill(-command.process.pid!, 'SIGTERM');
    expect((await command.ended).code).toBe(130);
    const opened = openSqliteStore(kept);
    if (!opened.ok) throw new Error(opened.error.message);
    for (const { id, status } of opened.data.runs()) {
      expect(['completed', 'stopped']).toContain(status);
      expect(opened.data.log(id).map(({ event }) => event)).not.toContain('crashed');
      // Nothing would be trained again.
      const trained = opened.data.nextSeq(id);
      if (trained > 0) expect(opened.data.checkpoints(id)[0]?.seq).toBe(trained - 1);
    }
    opened.data.close();
  });
});

describe('the data folder', () => {
  it('keeps the runs, and the next sweep beside them prints its own alone', async () => {
    const kept = join(folder, 'kept');
    const first = await runCommand([...grid, '--data', kept, '--json']);
    expect(first.code).toBe(0);
    const second = await runCommand([...grid, '--data', kept, '--json', '--seed', '7']);
    expect((JSON.parse(second.stdout) as Document).runs.map(({ seed }) => seed)).toEqual([7, 7]);
  });

  it('that cannot be made ends with 1 and a message that names it', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { code, stdout, stderr } = await runCommand([...grid, '--data', join(file, 'below')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(join(file, 'below'));
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
