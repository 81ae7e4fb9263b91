/**
 * Takes the requests of each connection one after another, the next when the answer to the one before has left. HTTP
 * lets a client send thousands before it reads an answer, and Node would begin them all.
 */
import type { Socket } from 'node:net';
import type { RequestHandler } from 'express';

/** Of one connection that are parsed and wait; from a client that sends more nothing is read. */
const MAX_WAITING = 16;

class Line {
  readonly #connection: Socket;
  #waiting: (() => void)[] = [];
  #isBusy = false;

  constructor(connection: Socket) {
    this.#connection = connection;
    connection.once('close', () => (this.#waiting = []));
    // Node reads on by itself whenever it has room for one more answer.
    connection.on('resume', () => this.#pauseIfFull());
  }

  join(begin: () => void): void {
    if (!this.#isBusy) {
      this.#isBusy = true;
      begin();
      return;
    }
    this.#waiting.push(begin);
    this.#pauseIfFull();
  }

  next(): void {
    const begin = this.#waiting.shift();
    this.#isBusy = begin !== undefined;
    if (this.#waiting.length === MAX_WAITING) this.#connection.resume();
    begin?.();
  }

  #pauseIfFull(): void {
    if (this.#waiting.length > MAX_WAITING) this.#connection.pause();
  }
}

export function oneAtATime(): RequestHandler {
  const lines = new WeakMap<Socket, Line>();
  return ({ socket }, response, next) => {
    const line = lines.get(socket) ?? new Line(socket);
    lines.set(socket, line);
    line.join(() => {
      // In another round of the event loop: many short ones in a row would hold up everyone else.
      response.once('close', () => setImmediate(() => line.next()));
      next();
    });
  };
}
