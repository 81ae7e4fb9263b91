/** Wrong Hosts, Origins and tokens, on every way in: none is let in, and none is upgraded that says who it is. */
import { send, UPGRADE_HEADERS, UPGRADE_PATH } from '../support/raw-request.js';
import { RealServer } from '../support/real-server.js';
import { type Attack, Report } from './attack.js';
import { SECRETS, SecuredServer } from './secured-server.js';

const { controller: secret } = SECRETS;
const WRONG_TOKENS: Record<string, string> = {
  wrong: 'nobody-has-this-one',
  empty: '',
  truncated: secret.slice(0, -1),
  lengthened: `${secret}1`,
  swapped: `${secret.slice(1)}${secret[0]}`,
  'in capitals': secret.toUpperCase(),
  'a name': 'controller one',
};
const EVIL_ORIGINS = [
  'null',
  'http://evil.example',
  'https://127.0.0.1',
  'http://127.0.0.1:1',
  'http://localhost.evil.example',
];
const REBOUND_HOSTS = ['evil.example', 'evil.example:4317', '127.0.0.1.evil.example', '127.0.0.2', '[::2]'];

export const doors: Attack = {
  name: 'doors',
  title: 'wrong Hosts, Origins and tokens, at connect, reconnect and upgrade',
  cases: 1,
  async run() {
    const report = new Report();
    await atALocalServer(report);
    await atASecuredServer(report);
    return report.outcome();
  },
};

async function atALocalServer(report: Report): Promise<void> {
  const server = await RealServer.start(['--engine', 'cpu', '--workers', '1']);
  const port = Number(new URL(server.url).port);
  try {
    const cases = [
      ...REBOUND_HOSTS.map((host) => ({ host })),
      ...EVIL_ORIGINS.map((origin) => ({ host: `127.0.0.1:${port}`, origin })),
    ];
    for (const headers of cases) {
      const name = JSON.stringify(headers);
      const upgraded = await send(port, UPGRADE_PATH, { headers: { ...UPGRADE_HEADERS, ...headers } });
      report.expect(upgraded.status !== 101, `${name} was upgraded`);
      for (const path of ['/', '/api/runs', '/api/health']) {
        const { status } = await send(port, path, { headers });
        report.expect(status === 403 || status === 400, `${name} got ${status} for ${path}`);
      }
    }
  } finally {
    await server.close();
  }
}

async function atASecuredServer(report: Report): Promise<void> {
  const secured = await SecuredServer.start();
  const { port, url } = secured;
  try {
    const made = await fetch(`${url}api/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'gone', role: 'controller' }),
    });
    const { secret: revoked } = (await made.json()) as { secret: string };
    const reconnecting = secured.client({
      auth: { version: 2, token: revoked },
      reconnection: true,
      reconnectionDelay: 50,
    });
    await new Promise((resolve) => reconnecting.once('connect', resolve as () => void));
    const refused = new Promise<string>((resolve) =>
      reconnecting.once('connect_error', ({ message }) => resolve(message)),
    );
    await fetch(`${url}api/tokens/gone`, { method: 'DELETE', headers: { authorization: `Bearer ${secret}` } });
    report.expect((await refused).includes('not valid'), 'a revoked token came back by reconnecting');
    for (const [name, token] of Object.entries({ ...WRONG_TOKENS, revoked })) {
      const headers = { authorization: `Bearer ${token}` };
      const cookie = { cookie: `pentachoron-${port}=${encodeURIComponent(token)}` };
      for (const [way, sent] of Object.entries({ header: headers, cookie })) {
        const upgraded = await send(port, UPGRADE_PATH, { headers: { ...UPGRADE_HEADERS, ...sent } });
        report.expect(upgraded.status !== 101, `${name}, by ${way}, was upgraded`);
        const { status } = await send(port, '/api/runs', { headers: sent });
        report.expect(status === 401, `${name}, by ${way}, got ${status} for /api/runs`);
        report.expect(
          (await secured.trouble({ auth: { version: 2 }, extraHeaders: sent })) !== null,
          `${name}, by ${way}, connected`,
        );
      }
      report.expect(
        (await secured.trouble({ auth: { version: 2, token } })) !== null,
        `${name}, in the handshake, connected`,
      );
      const linked = await send(port, `/?token=${encodeURIComponent(token)}`);
      report.expect(
        linked.status === 401 && linked.headers['set-cookie'] === undefined,
        `${name}, by a link, got ${linked.status}`,
      );
    }
    report.expect((await secured.trouble({ auth: { version: 2 } })) !== null, 'no token connected');
    for (const origin of EVIL_ORIGINS) {
      const headers = { origin, authorization: `Bearer ${secret}`, host: `127.0.0.1:${port}` };
      const upgraded = await send(port, UPGRADE_PATH, { headers: { ...UPGRADE_HEADERS, ...headers } });
      report.expect(upgraded.status !== 101, `the Origin ${origin} with a token was upgraded`);
      const { status } = await send(port, '/api/runs', { headers });
      report.expect(status === 403, `the Origin ${origin} with a token got ${status}`);
    }
    report.expect(
      (await secured.trouble({ auth: { version: 2, token: secret } })) === null,
      'the right token did not connect',
    );
  } finally {
    await secured.close();
  }
}
