/** Too many, too slow, too large: connections that only cost. Whoever is well goes on being served. */
import { connect, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { ask } from '../support/running-app.js';
import { UPGRADE_HEADERS, UPGRADE_PATH } from '../support/raw-request.js';
import { type Attack, Report } from './attack.js';
import { percentile, SECRETS, SecuredServer } from './secured-server.js';

const MOST_WAIT_MS = 1000;
const OPEN_MS = 3000;
/** Below so many the waits say more of the machine than of the server. */
const JUDGED = 500;

export const connections: Attack = {
  name: 'connections',
  title: 'large and fragmented messages, idle handshakes, slow requests, many connections, many commands',
  cases: 1000,
  async run(cases) {
    const report = new Report();
    const secured = await SecuredServer.start(['--handshake-seconds', '2', '--idle-seconds', '4']);
    const waits: string[] = [];
    try {
      for (const [name, make] of Object.entries(WAYS)) {
        const well = await secured.watchWell();
        const end = await make(secured, cases, report);
        await after(OPEN_MS);
        const p99 = percentile(await well(), 0.99);
        await end();
        waits.push(`${name} ${p99.toFixed(0)}`);
        report.expect(
          cases < JUDGED || p99 < MOST_WAIT_MS,
          `${name}: another viewer waited ${p99.toFixed(0)} ms (p99)`,
        );
      }
    } finally {
      await secured.close();
    }
    return report.outcome(`p99 ms: ${waits.join(', ')}`);
  },
};

type Way = (secured: SecuredServer, cases: number, report: Report) => Ending | Promise<Ending>;
/** Ends what was begun. */
type Ending = () => void | Promise<void>;

const WAYS: Record<string, Way> = {
  'large messages': async (secured, cases, report) => {
    for (let index = 0; index < Math.ceil(cases / 50); index += 1) {
      const socket = secured.client({ auth: { version: 2, token: SECRETS.controller } });
      await new Promise((resolve) => socket.once('connect', resolve as () => void));
      const ended = new Promise((resolve) => socket.once('disconnect', resolve));
      socket.emit('sweep:create', { name: 'x'.repeat(1_000_000) }, () => undefined);
      report.expect((await ended) === 'transport close', 'a message of 1 MB did not end its connection');
    }
    return () => undefined;
  },
  fragments: async ({ port }, cases, report) => {
    for (let index = 0; index < Math.ceil(cases / 50); index += 1) {
      const { socket, ended } = raw(port, upgradeText());
      await after(20);
      // A text message that begins, and goes on in pieces of one byte: masked with zeros.
      socket.write(Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x61]));
      for (let piece = 0; piece < 100; piece += 1) socket.write(Buffer.from([0x00, 0x81, 0, 0, 0, 0, 0x61]));
      report.expect(await ended, 'a message in a hundred pieces did not end its connection');
    }
    return () => undefined;
  },
  'idle handshakes': ({ port }, cases, report) => {
    const idle = Array.from({ length: cases }, () => raw(port, upgradeText()));
    return async () => {
      for (const { ended } of idle) report.expect(await ended, 'a socket that says nothing stays');
    };
  },
  'slow requests': ({ port }, cases, report) => {
    const slow = Array.from({ length: cases }, () => raw(port, 'GET /api/health HTTP/1.1\r\nHost: x\r\nX-'));
    const drip = setInterval(() => slow.forEach(({ socket }) => socket.write('a')), 500);
    return async () => {
      for (const { ended } of slow) report.expect(await ended, 'a request that never comes whole stays');
      clearInterval(drip);
    };
  },
  'many connections': async ({ port }, cases) => {
    const many = Array.from({ length: cases }, () => raw(port, ''));
    await after(500);
    return () => many.forEach(({ socket }) => socket.destroy());
  },
  'many commands': async (secured, cases, report) => {
    const socket = secured.client({ auth: { version: 2, token: SECRETS.controller } });
    await new Promise((resolve) => socket.once('connect', resolve as () => void));
    const answers = await Promise.all(
      Array.from({ length: cases * 10 }, () => ask(socket, 'run:control', { runId: 'nope', action: 'pause' })),
    );
    const codes = new Set(answers.map((answer) => (answer as { error: { code: string } }).error.code));
    report.expect(
      [...codes].every((code) => code === 'not_found' || code === 'too_many_requests'),
      [...codes].join(),
    );
    return () => undefined;
  },
};

/** `ended` resolves with whether the server ended it within a while. */
function raw(port: number, text: string): { socket: Socket; ended: Promise<boolean> } {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  socket.resume();
  if (text !== '') socket.write(text);
  const ended = new Promise<boolean>((resolve) => {
    socket.once('close', () => resolve(true));
    setTimeout(() => resolve(false), 20_000).unref();
  });
  return { socket, ended };
}

function upgradeText(): string {
  const headers = Object.entries({ host: 'x', ...UPGRADE_HEADERS }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${UPGRADE_PATH} HTTP/1.1\r\n${headers.join('')}\r\n`;
}
