/** Many viewers of the same runs, who lose their connections and come back, and what they have seen. */
import { randomInt } from 'node:crypto';
import { io } from 'socket.io-client';
import type { FrameValues } from '../../shared/frames.js';
import type { FramesText } from '../../shared/protocol.js';
import type { RunStore } from '../../server/store/run-store.js';
import type { TestClient } from '../support/running-app.js';
import { rowsOf } from '../support/test-frames.js';
import { type Findings, noFindings } from './campaign.js';
import { within } from './deadline.js';
import { sameBits } from './outcome.js';

const PATIENCE_MS = 60_000;

/** What one viewer holds of one run. */
class Held {
  readonly runId: string;
  nextSeq = 0;
  values: FrameValues[] = [];
  columns = 0;
  readonly #findings: Findings;
  readonly #news: () => void;

  constructor(runId: string, findings: Findings, news: () => void) {
    this.runId = runId;
    this.#findings = findings;
    this.#news = news;
  }

  take(message: FramesText): void {
    const { fromSeq, rows } = message;
    this.#findings.lost += Math.max(0, fromSeq - this.nextSeq);
    this.#findings.duplicated += Math.max(0, Math.min(rows, this.nextSeq - fromSeq));
    const { steps, values: matrix } = rowsOf(message);
    if (matrix.length !== rows * this.columns)
      this.#findings.failures.push(`${rows} rows have ${matrix.length} values`);
    for (let row = 0; row < rows; row += 1) {
      // A row's seq is its epoch.
      if (steps[row] !== fromSeq + row) this.#findings.outOfOrder += 1;
    }
    this.values.push(matrix);
    this.nextSeq = fromSeq + rows;
    this.#news();
  }
}

export class Viewers {
  readonly findings = noFindings();
  readonly #sockets: TestClient[] = [];
  readonly #held: Held[] = [];
  #waiting: (() => void)[] = [];

  /** Follows the runs from `count` sockets, which connect whenever they can. */
  constructor(url: string, runIds: readonly string[], count: number) {
    for (let index = 0; index < count; index += 1) {
      const socket: TestClient = io(url, {
        ...{ auth: { version: 2 }, transports: ['websocket'], forceNew: true },
        ...{ reconnectionDelay: 20, reconnectionDelayMax: 100 },
      });
      this.#sockets.push(socket);
      for (const runId of runIds) this.#follow(socket, runId);
    }
  }

  #follow(socket: TestClient, runId: string): void {
    const held = new Held(runId, this.findings, () => {
      for (const look of this.#waiting.splice(0)) look();
    });
    this.#held.push(held);
    let isLive = false;
    const subscribe = (): void => {
      socket.emit('run:subscribe', { runId, after: held.nextSeq - 1 }, (answer) => {
        if (!answer.ok) return void this.findings.failures.push(`a subscription failed: ${answer.error.message}`);
        held.columns = answer.data.columns.length;
        isLive = answer.data.more === undefined;
        held.take(answer.data);
        if (answer.data.more) subscribe();
      });
    };
    socket.on('connect', subscribe);
    socket.on('disconnect', () => (isLive = false));
    socket.on('run:frames', (list) => {
      for (const message of list) {
        if (message.runId !== runId) continue;
        if (!isLive) this.findings.failures.push(`frame ${message.fromSeq} came before the subscription's answer`);
        held.take(message);
      }
    });
  }

  /** A viewer's connection breaks; it comes back by itself. */
  breakOne(): void {
    this.#sockets[randomInt(this.#sockets.length)]!.io.engine.close();
  }

  /** Resolves when each of them holds at least `rows` frames of each run; rejects when that takes too long. */
  async hold(rows: (runId: string) => number): Promise<void> {
    const lacking = (): Held[] => this.#held.filter((held) => held.nextSeq < rows(held.runId));
    const all = async (): Promise<void> => {
      while (lacking().length > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    };
    await within(PATIENCE_MS, `${this.#held.length} viewers with all frames`, all());
  }

  /** Resolves when none is connected: what was sent to them has arrived. */
  async areCutOff(): Promise<void> {
    const cut = this.#sockets.filter((socket) => socket.connected);
    const gone = cut.map((socket) => new Promise<void>((resolve) => socket.once('disconnect', () => resolve())));
    await within(
      PATIENCE_MS,
      'viewers noticing that the server is gone',
      Promise.all(gone).then(() => undefined),
    );
  }

  /** Counts what they were shown that is not in the store, bit for bit; `complete`: and what they lack of it. */
  compare(store: RunStore, { complete }: { complete: boolean }): Findings {
    const findings = noFindings();
    for (const runId of new Set(this.#held.map((held) => held.runId))) {
      const stored = store.frames(runId, -1, Infinity);
      for (const held of this.#held.filter((one) => one.runId === runId)) {
        if (held.nextSeq > stored.rows) findings.failures.push(`frame ${held.nextSeq - 1} was shown and is not stored`);
        else if (complete) findings.lost += stored.rows - held.nextSeq;
        let offset = 0;
        for (const part of held.values) {
          if (!sameBits(part, stored.values.subarray(offset, offset + part.length))) findings.differing += 1;
          offset += part.length;
        }
      }
    }
    return findings;
  }

  close(): void {
    for (const socket of this.#sockets) socket.disconnect();
  }
}
