/**
 * A viewer as PROTOCOL.md describes it, strict where a page is forgiving: it notes every packet that leaves a gap or
 * brings a frame twice.
 */
import type { FramesMessage, FramesText } from '../../shared/protocol.js';
import { valueAt } from './scripted-service.js';
import { rowsOf, timeAt } from './test-frames.js';
import type { TestClient } from './running-app.js';

export class FrameFollower {
  readonly runId: string;
  /** seq of the next frame: all below are held. */
  nextSeq = 0;
  readonly faults: string[] = [];
  /** Answers to subscriptions, and live messages. */
  answers = 0;
  messages = 0;
  readonly #socket: TestClient;
  readonly #values: number[] = [];
  readonly #times: number[] = [];
  #columns = 0;
  #isLive = false;
  #waiting: { seq: number; resolve: () => void }[] = [];

  /** Subscribes upon every connection, from the last seq held. */
  constructor(socket: TestClient, runId: string) {
    this.runId = runId;
    this.#socket = socket;
    socket.on('connect', () => this.subscribe());
    socket.on('disconnect', () => (this.#isLive = false));
    socket.on('run:frames', (list) => {
      for (const message of list) if (message.runId === runId) this.#live(message);
    });
    if (socket.connected) this.subscribe();
  }

  subscribe(): void {
    this.#socket.emit('run:subscribe', { runId: this.runId, after: this.nextSeq - 1 }, (answer) => {
      if (!answer.ok) return void this.faults.push(answer.error.message);
      this.answers += 1;
      this.#columns = answer.data.columns.length;
      if (!answer.data.more) this.#isLive = true;
      this.#take(answer.data);
      if (answer.data.more) this.subscribe();
    });
  }

  #live(message: FramesMessage): void {
    this.messages += 1;
    if (!this.#isLive) this.faults.push(`frame ${message.fromSeq} came before the answer to the subscription`);
    this.#take(message);
  }

  #take(message: FramesText): void {
    const { fromSeq, rows } = message;
    if (fromSeq !== this.nextSeq) this.faults.push(`frame ${fromSeq} came where ${this.nextSeq} was expected`);
    const { steps, times, values } = rowsOf(message);
    for (let row = 0; row < rows; row += 1)
      if (steps[row] !== fromSeq + row) this.faults.push(`frame ${fromSeq + row} has the step ${steps[row]}`);
    this.#times.push(...times);
    if (values.length !== rows * this.#columns)
      this.faults.push(`${rows} rows of ${this.#columns} came as ${values.length}`);
    for (const value of values) this.#values.push(value);
    this.nextSeq = fromSeq + rows;
    const reached = this.#waiting.filter(({ seq }) => seq < this.nextSeq);
    this.#waiting = this.#waiting.filter((one) => !reached.includes(one));
    for (const { resolve } of reached) resolve();
  }

  /** Resolves when the frame `seq` has come. */
  has(seq: number): Promise<void> {
    return new Promise((resolve) => {
      if (seq < this.nextSeq) resolve();
      else this.#waiting.push({ seq, resolve });
    });
  }

  get values(): Float32Array {
    return Float32Array.from(this.#values);
  }

  /** Places at which values or times are not those that `ScriptedService` commits. */
  wrongValues(): number[] {
    const wrongTimes = this.#times.flatMap((time, seq) => (time === timeAt(seq) ? [] : [-1 - seq]));
    const wrongValues = this.#values.flatMap((value, index) =>
      Object.is(value, valueAt(Math.floor(index / this.#columns), index % this.#columns)) ? [] : [index],
    );
    return [...wrongTimes, ...wrongValues];
  }
}
