/**
 * What a trainer process does: opens the engine named in argv, with the ops named behind it, then trains the runs that
 * its parent sends, one at a time. Speaks `messages.ts`. It obeys between two epochs and ends with its parent.
 */
import { setImmediate } from 'node:timers/promises';
import { ENGINE_NAMES, type EngineInfo, OPS_NAMES } from '../../shared/engine.js';
import { readNewestCheckpoint, removeCheckpoints, writeCheckpoint } from '../checkpoints/checkpoint-file.js';
import { firstLineOf, messageOf } from '../message-of.js';
import { experimentOf, openEngine } from '../experiments/registry.js';
import type { RunTrainer, TrainedFrame } from '../experiments/trainable.js';
import type { TrainerCommand, TrainerReport } from './messages.js';

/** Frames of fast runs share a message: two of them reach the server in one of its ticks. */
const BATCH_MS = 25;
const HEARTBEAT_MS = 1000;

type TrainCommand = Extract<TrainerCommand, { type: 'train' }>;

/** Resolves when the message is handed over, so that exiting loses none. */
function report(message: TrainerReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, () => resolve());
  });
}

/** Collects consecutive frames and sends them as one block. */
class FrameBatch {
  readonly #runId: string;
  #nextSeq: number;
  #frames: { frame: TrainedFrame; at: number }[] = [];
  #sentAt = 0;

  /** @param nextSeq of the first frame that is added */
  constructor(runId: string, nextSeq: number) {
    this.#runId = runId;
    this.#nextSeq = nextSeq;
  }

  add(frame: TrainedFrame): void {
    // All frames of a block are as wide.
    if (frame.series !== undefined) this.flush();
    this.#frames.push({ frame, at: Date.now() });
    if (performance.now() - this.#sentAt >= BATCH_MS) this.flush();
  }

  flush(): void {
    const [first] = this.#frames;
    if (first === undefined) return;
    const rows = this.#frames.length;
    const { series, values: row } = first.frame;
    const steps = Float64Array.from(this.#frames, ({ frame }) => frame.step);
    const times = Float64Array.from(this.#frames, ({ at }) => at);
    const values = new Float32Array(rows * row.length);
    this.#frames.forEach(({ frame }, index) => values.set(frame.values, index * row.length));
    const block = { runId: this.#runId, fromSeq: this.#nextSeq, rows, steps, times, values };
    this.#frames = [];
    this.#nextSeq += rows;
    this.#sentAt = performance.now();
    void report({ type: 'frames', ...block, ...(series !== undefined && { series }) });
  }
}

/** Tells the parent, at most once in `HEARTBEAT_MS`, that this trainer is at work, and what its epochs cost. */
class Heartbeat {
  readonly #runId: string;
  #slowestEpochMs = 0;
  #isInEpoch = true;
  #epochAt = performance.now();
  #sentAt = -Infinity;

  constructor(runId: string) {
    this.#runId = runId;
  }

  epochEnded(): void {
    this.beat();
    this.#epochAt = performance.now();
  }

  /** Within an epoch, too. */
  beat(): void {
    const now = performance.now();
    if (this.#isInEpoch) this.#slowestEpochMs = Math.max(this.#slowestEpochMs, now - this.#epochAt);
    if (now - this.#sentAt < HEARTBEAT_MS) return;
    this.#sentAt = now;
    const rssBytes = process.memoryUsage.rss();
    void report({ type: 'heartbeat', runId: this.#runId, slowestEpochMs: this.#slowestEpochMs, rssBytes });
  }

  /** While something is done between two epochs, however long it takes. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#isInEpoch = false;
    const timer = setInterval(() => this.beat(), HEARTBEAT_MS);
    try {
      return await work;
    } finally {
      clearInterval(timer);
      this.#isInEpoch = true;
      this.#epochAt = performance.now();
    }
  }
}

/** What the parent wants of the run in hand, read between two epochs. */
let wish: 'go on' | 'pause' | 'stop' = 'go on';
/** Passes on what is to become of a checkpoint that could not be written. */
let answerUnsaved: (answer: 'save' | 'skip') => void = () => undefined;

type Ended = Extract<TrainerReport, { type: 'ended' }>;

async function train(engine: EngineInfo, command: TrainCommand): Promise<Ended> {
  const heartbeat = new Heartbeat(command.runId);
  const { trainer, nextSeq } = await begin(engine, command, heartbeat);
  try {
    return command.measures ? measureAgain(trainer, command) : await trainFrames(trainer, nextSeq, command, heartbeat);
  } finally {
    trainer.dispose();
  }
}

/** At the newest checkpoint that is whole. By itself, so that the state is let go of once the trainer has it. */
async function begin(
  engine: EngineInfo,
  command: TrainCommand,
  heartbeat: Heartbeat,
): Promise<{ trainer: RunTrainer; nextSeq: number }> {
  const { runId, config, checkpoints } = command;
  const experiment = experimentOf(command);
  await experiment.load(engine);
  const state =
    checkpoints &&
    (await readNewestCheckpoint(checkpoints, runId, experiment.stateArrays, ({ epoch }, reason) => {
      void report({ type: 'damaged', runId, epoch, reason });
    }));
  if (checkpoints !== null && !command.measures) {
    const keep = checkpoints.files.map(({ file }) => file);
    // Only room is lost where that fails.
    await removeCheckpoints(checkpoints.folder, keep).catch(() => undefined);
  }
  const from = state && { seq: state.seq, step: state.step, seconds: state.seconds };
  void report({ type: 'begun', runId, from });
  const trainer = experiment.begin(config, state, { engine, beat: () => heartbeat.beat() });
  const fingerprint = state === null ? trainer.fingerprint() : null;
  if (fingerprint !== null) void report({ type: 'started', runId, fingerprint });
  return { trainer, nextSeq: (from?.seq ?? -1) + 1 };
}

/** Leaves everything as it is, but for what it reports. */
function measureAgain(trainer: RunTrainer, { runId }: TrainCommand): Ended {
  const measurements = trainer.measureAgain?.() ?? [];
  for (const measurement of measurements) void report({ type: 'measured', runId, measurement });
  if (measurements.length > 0) return { type: 'ended', runId, status: 'completed' };
  return { type: 'ended', runId, status: 'failed', message: 'there is no checkpoint of its end' };
}

/** Trains a run to its end or until it is asked to give it back; answers how it ended, everything else reported. */
async function trainFrames(
  trainer: RunTrainer,
  nextSeq: number,
  command: TrainCommand,
  heartbeat: Heartbeat,
): Promise<Ended> {
  const { runId, checkpointSeconds } = command;
  const batch = new FrameBatch(runId, nextSeq);
  let checkpointAt = performance.now();
  const save = async (): Promise<void> => {
    batch.flush();
    await heartbeat.during(saveState(trainer, command));
    checkpointAt = performance.now();
  };
  const end = async (status: 'paused' | 'stopped' | 'completed'): Promise<Ended> => {
    await save();
    return { type: 'ended', runId, status };
  };

  for (const frame of trainer.frames()) {
    batch.add(frame);
    heartbeat.epochEnded();
    if (frame.measurements.length > 0) batch.flush();
    for (const measurement of frame.measurements) void report({ type: 'measured', runId, measurement });
    if (frame.diverged !== undefined) {
      batch.flush();
      return { type: 'ended', runId, status: 'diverged', message: frame.diverged };
    }
    await setImmediate();
    if (frame.isLast) break;
    if (wish !== 'go on') return end(wish === 'pause' ? 'paused' : 'stopped');
    const isDue = performance.now() - checkpointAt >= (checkpointSeconds ?? 0) * 1000;
    if (checkpointSeconds !== undefined && checkpointSeconds > 0 && isDue) await save();
  }
  return end('completed');
}

/** Until it is on the disk, or the parent will not wait for that any longer. */
async function saveState(trainer: RunTrainer, { runId, checkpoints }: TrainCommand): Promise<void> {
  if (checkpoints === null) return;
  let answer: 'save' | 'skip' = 'save';
  while (answer === 'save') {
    try {
      const checkpoint = await writeCheckpoint(checkpoints, runId, trainer.state());
      void report({ type: 'saved', runId, checkpoint });
      return;
    } catch (error) {
      const answered = new Promise<'save' | 'skip'>((resolve) => (answerUnsaved = resolve));
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      const failure = { runId, message: messageOf(error), ...(typeof code === 'string' && { code }) };
      void report({ type: 'unsaved', ...failure });
      answer = await answered;
    }
  }
}

const wanted = process.argv[2] ?? 'auto';
const ops = OPS_NAMES.find((name) => name === process.argv[3]) ?? 'auto';
process.on('disconnect', () => process.exit(0));

try {
  const engine = await openEngine(ENGINE_NAMES.find((name) => name === wanted) ?? 'auto', ops);
  let busy = false;
  process.on('message', (command: TrainerCommand) => {
    switch (command.type) {
      case 'pause':
      case 'stop':
        wish = command.type;
        return;
      case 'continue':
        wish = 'go on';
        return;
      case 'save':
      case 'skip':
        answerUnsaved(command.type);
        return;
      case 'train': {
        const { runId } = command;
        if (busy) {
          void report({ type: 'ended', runId, status: 'failed', message: 'the trainer has a run in hand already' });
          return;
        }
        busy = true;
        wish = 'go on';
        void train(engine, command)
          .catch((error: unknown): Ended => ({ type: 'ended', runId, status: 'failed', message: firstLineOf(error) }))
          .then((ended) => {
            // Free before the parent hears of it: its answer may be the next run.
            busy = false;
            return report(ended);
          });
      }
    }
  });
  await report({ type: 'ready', engine });
} catch (error) {
  await report({ type: 'unavailable', message: firstLineOf(error) });
  process.exit(1);
}
