/** How far a sweep is, on stderr: a bar per running config and one for all where it is a terminal, else a line an end. */
import { MultiBar, type SingleBar } from 'cli-progress';
import { isActive, type Run, type Sweep } from '../../shared/run.js';
import { runLabel } from '../experiments/registry.js';
import { colorsFor } from './terminal.js';

const BAR_WIDTH = 24;

export interface SweepProgress {
  /** A run's status or numbers changed. */
  changed(run: Run): void;
  /** The time left has changed. */
  estimated(sweep: Pick<Sweep, 'etaSeconds'>): void;
  /** The frame of `epoch` is committed. */
  reached(runId: string, epoch: number, loss: number): void;
  /** A line for whoever is watching. */
  say(message: string): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

/** Bars where `stream` is a terminal, lines elsewhere. `slots` is how many configs can run at a time. */
export function createSweepProgress(
  runs: readonly Run[],
  slots: number,
  stream: NodeJS.WriteStream = process.stderr,
): SweepProgress {
  return stream.isTTY ? new BarProgress(runs, Math.min(slots, runs.length), stream) : new LineProgress(runs, stream);
}

/** One line when a run has ended, for logs. */
class LineProgress implements SweepProgress {
  readonly #runs: readonly Run[];
  readonly #ended = new Set<string>();
  readonly #stream: NodeJS.WriteStream;

  constructor(runs: readonly Run[], stream: NodeJS.WriteStream) {
    this.#runs = runs;
    this.#stream = stream;
  }

  changed(run: Run): void {
    if (isActive(run.status) || this.#ended.has(run.id)) return;
    this.#ended.add(run.id);
    const how = `${run.status} after epoch ${run.step} of ${run.total}, ${run.seconds.toFixed(1)} s`;
    const name = runLabel(run, this.#runs);
    this.#stream.write(`[${this.#ended.size}/${this.#runs.length}] ${name}: ${how}\n`);
  }

  estimated(): void {
    // As here.
  }

  reached(): void {
    // A line an epoch would bury the log.
  }

  say(message: string): void {
    this.#stream.write(`${message}\n`);
  }

  close(): void {
    // Nothing is held.
  }
}

interface Slot {
  bar: SingleBar;
  runId: string | null;
  etaSeconds: number | undefined;
}

/** As many bars as configs can run at a time; a bar goes to the next config when its own has ended. */
class BarProgress implements SweepProgress {
  readonly #runs: readonly Run[];
  #etaSeconds: number | undefined;
  readonly #ended = new Set<string>();
  readonly #bars: MultiBar;
  readonly #overall: SingleBar;
  readonly #slots: Slot[];

  constructor(runs: readonly Run[], slots: number, stream: NodeJS.WriteStream) {
    this.#runs = runs;
    const { cyan, dim } = colorsFor(stream);
    this.#bars = new MultiBar({
      stream,
      format: `${cyan('{name}')} {bar} {value}/{total} ${dim('{note}')}`,
      hideCursor: true,
      clearOnComplete: true,
      // Interruption is the command's own affair: it lets the runs end and prints what they gave.
      gracefulExit: false,
      // The default one cuts strings to length, escape codes and all.
      formatBar: (progress) => {
        const done = Math.round(progress * BAR_WIDTH);
        return '━'.repeat(done) + dim('─'.repeat(BAR_WIDTH - done));
      },
      formatValue: (value, _options, type) => (type === 'value' ? String(value).padStart(5) : String(value)),
    });
    this.#overall = this.#bars.create(runs.length, 0, { name: 'configs'.padEnd(this.#nameWidth()), note: '' });
    this.#slots = Array.from({ length: slots }, () => ({
      bar: this.#bars.create(1, 0, { name: ''.padEnd(this.#nameWidth()), note: '' }),
      runId: null,
      etaSeconds: undefined,
    }));
  }

  changed(run: Run): void {
    if (isActive(run.status)) {
      const slot = run.status === 'running' ? this.#slotOf(run) : undefined;
      if (slot) slot.etaSeconds = run.etaSeconds;
      return;
    }
    if (this.#ended.has(run.id)) return;
    this.#ended.add(run.id);
    const slot = this.#slots.find(({ runId }) => runId === run.id);
    if (slot) slot.runId = null;
    this.#overall.update(this.#ended.size, { note: eta(this.#etaSeconds) });
  }

  estimated({ etaSeconds }: Pick<Sweep, 'etaSeconds'>): void {
    this.#etaSeconds = etaSeconds;
    this.#overall.update(this.#ended.size, { note: eta(etaSeconds) });
  }

  reached(runId: string, epoch: number, loss: number): void {
    const run = this.#runs.find(({ id }) => id === runId);
    const slot = run && this.#slotOf(run);
    if (!run || !slot) return;
    const numbers = Number.isFinite(loss) ? `loss ${loss.toFixed(4)}  ` : '';
    slot.bar.update(epoch, { note: `${numbers}${eta(slot.etaSeconds)}` });
  }

  say(message: string): void {
    this.#bars.log(`${message}\n`);
  }

  close(): void {
    // What was said is printed with the next update, and there will be no other.
    this.#bars.update();
    this.#bars.stop();
  }

  #slotOf(run: Run): Slot | undefined {
    const own = this.#slots.find(({ runId }) => runId === run.id);
    if (own || this.#ended.has(run.id)) return own;
    const free = this.#slots.find(({ runId }) => runId === null);
    if (!free) return undefined;
    free.runId = run.id;
    free.etaSeconds = run.etaSeconds;
    free.bar.setTotal(run.total ?? 0);
    free.bar.update(0, { name: runLabel(run, this.#runs).padEnd(this.#nameWidth()), note: '' });
    return free;
  }

  #nameWidth(): number {
    return Math.max('configs'.length, ...this.#runs.map((run) => runLabel(run, this.#runs).length));
  }
}

/** What the service says; nothing before it knows. */
function eta(etaSeconds: number | undefined): string {
  return etaSeconds === undefined ? '' : `ETA ${duration(etaSeconds)}`;
}

/** `1h02m`, `3m07s`, `9s` */
function duration(exact: number): string {
  const seconds = Math.max(0, Math.round(exact));
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)}h${two(Math.floor(seconds / 60) % 60)}m`;
  return seconds >= 60 ? `${Math.floor(seconds / 60)}m${two(seconds % 60)}s` : `${seconds}s`;
}
