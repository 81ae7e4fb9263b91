/**
 * What a trainer process does: opens the engine named in argv, with the ops named behind it, then trains the runs that
 * its parent sends, one at a time. Speaks `messages.ts`. It obeys between two epochs and ends with its parent.
 */
import { setImmediate } from 'node:timers/promises';
import { ENGINE_NAMES, OPS_NAMES, runEngine } from '../../shared/measurement.js';
import { engineModel, type EngineModel } from '../experiments/attention-cv/engine-model.js';
import { readNewestCheckpoint, removeCheckpoints, writeCheckpoint } from '../checkpoints/checkpoint-file.js';
import { Trainer, type TrainedEpoch } from '../experiments/attention-cv/trainer.js';
import { messageOf } from '../message-of.js';
import { firstLineOf, openEngine, openFirstEngine } from '../experiments/attention-cv/engine/backend.js';
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
  #frames: { frame: TrainedEpoch; at: number }[] = [];
  #sentAt = 0;

  constructor(runId: string) {
    this.#runId = runId;
  }

  add(frame: TrainedEpoch): void {
    this.#frames.push({ frame, at: Date.now() });
    if (performance.now() - this.#sentAt >= BATCH_MS) this.flush();
  }

  flush(): void {
    const [first] = this.#frames;
    if (first === undefined) return;
    const rows = this.#frames.length;
    const columns = first.frame.values.length;
    const steps = Float64Array.from(this.#frames, ({ frame }) => frame.epoch);
    const times = Float64Array.from(this.#frames, ({ at }) => at);
    const values = new Float32Array(rows * columns);
    this.#frames.forEach(({ frame }, row) => values.set(frame.values, row * columns));
    this.#frames = [];
    this.#sentAt = performance.now();
    // seq 0 is epoch 0.
    void report({ type: 'frames', runId: this.#runId, fromSeq: first.frame.epoch, rows, steps, times, values });
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
/** Hears what is to become of a checkpoint that could not be written. */
let heardOfUnsaved: (answer: 'save' | 'skip') => void = () => undefined;

type Ended = Extract<TrainerReport, { type: 'ended' }>;

async function train(model: EngineModel, command: TrainCommand): Promise<Ended> {
  const heartbeat = new Heartbeat(command.runId);
  const trainer = await begin(model, command, heartbeat);
  try {
    return await trainEpochs(trainer, command, heartbeat);
  } finally {
    trainer.dispose();
  }
}

/** At the newest checkpoint that is whole. By itself, so that the state is let go of once the trainer has it. */
async function begin(model: EngineModel, command: TrainCommand, heartbeat: Heartbeat): Promise<Trainer> {
  const { runId, config, checkpoints } = command;
  const state =
    checkpoints &&
    (await readNewestCheckpoint(checkpoints, runId, ({ epoch }, reason) => {
      void report({ type: 'damaged', runId, epoch, reason });
    }));
  if (checkpoints !== null) {
    const kept = checkpoints.files.map(({ file }) => file);
    // Only room is lost where that fails.
    await removeCheckpoints(checkpoints.folder, kept).catch(() => undefined);
  }
  void report({ type: 'begun', runId, from: state && { epoch: state.epoch, seconds: state.seconds } });
  // A run that may not go on here was not sent; and what it trained after this state may have been allowed before.
  const trainer = new Trainer(config, model, state, { allowEngineChange: true, beat: () => heartbeat.beat() });
  if (state === null) void report({ type: 'started', runId, fingerprint: trainer.fingerprint() });
  return trainer;
}

/** Trains a run to its end or until it is asked to give it back; answers how it ended, everything else reported. */
async function trainEpochs(trainer: Trainer, command: TrainCommand, heartbeat: Heartbeat): Promise<Ended> {
  const { runId, config, checkpointSeconds } = command;
  const batch = new FrameBatch(runId);
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

  for (const frame of trainer.epochs()) {
    batch.add(frame);
    heartbeat.epochEnded();
    if (frame.measurements.length > 0) batch.flush();
    for (const measurement of frame.measurements) void report({ type: 'measured', runId, measurement });
    if (!frame.finite) {
      batch.flush();
      const message = `the loss of epoch ${frame.epoch} is not a finite number`;
      return { type: 'ended', runId, status: 'diverged', message };
    }
    await setImmediate();
    if (frame.epoch === config.epochs) break;
    if (wish !== 'go on') return end(wish === 'pause' ? 'paused' : 'stopped');
    const isDue = performance.now() - checkpointAt >= (checkpointSeconds ?? 0) * 1000;
    if (checkpointSeconds !== undefined && checkpointSeconds > 0 && isDue) await save();
  }
  return end('completed');
}

/** Until it is on the disk, or the parent will not wait for that any longer. */
async function saveState(trainer: Trainer, { runId, checkpoints }: TrainCommand): Promise<void> {
  if (checkpoints === null) return;
  let answer: 'save' | 'skip' = 'save';
  while (answer === 'save') {
    try {
      const state = trainer.state();
      const checkpoint = await writeCheckpoint(checkpoints, runId, state);
      void report({ type: 'saved', runId, checkpoint, engine: state.engine });
      return;
    } catch (error) {
      const answered = new Promise<'save' | 'skip'>((resolve) => (heardOfUnsaved = resolve));
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      const told = { runId, message: messageOf(error), ...(typeof code === 'string' && { code }) };
      void report({ type: 'unsaved', ...told });
      answer = await answered;
    }
  }
}

const wanted = process.argv[2] ?? 'auto';
const ops = OPS_NAMES.find((name) => name === process.argv[3]) ?? 'auto';
process.on('disconnect', () => process.exit(0));

try {
  const named = ENGINE_NAMES.find((name) => name === wanted);
  const engine = await (named === undefined ? openFirstEngine(ops) : openEngine(named, ops));
  const model = await engineModel(runEngine(engine));
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
        heardOfUnsaved(command.type);
        return;
      case 'train': {
        const { runId } = command;
        if (busy) {
          void report({ type: 'ended', runId, status: 'failed', message: 'the trainer has a run in hand already' });
          return;
        }
        busy = true;
        wish = 'go on';
        void train(model, command)
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
