/** Names that would be carried out, break a line or leave a folder: refused, or inert wherever they come out. */
import { io } from 'socket.io-client';
import { ask, type TestClient } from '../support/running-app.js';
import { send } from '../support/raw-request.js';
import { type Attack, Report } from './attack.js';
import { SECRETS, SecuredServer } from './secured-server.js';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE runs; --",
  '=HYPERLINK("http://evil.example")',
  '+1+1',
  '@SUM(A1)',
  '../../../etc/passwd',
  '..\\..\\x',
  'a/b',
  '__proto__',
  'constructor',
  '${process.exit()}',
  '%s%n%x',
  ']]>&lt;',
  'null',
  '☃ 研究 é',
];
/** What no name may have: control characters, line ends, what turns the direction of writing, half a character. */
const REFUSED = ['a\nb', 'a\rb', 'a\u0000b', '\u001b[31mred', 'a\u202eb', 'a\u2066b', '\ud800', '\ufffe'];

export const names: Attack = {
  name: 'names',
  title: 'hostile names of sweeps, runs and tokens, through every input to JSON, CSV, log and page',
  cases: 1,
  async run() {
    const report = new Report();
    const secured = await SecuredServer.start();
    const headers = { authorization: `Bearer ${SECRETS.controller}`, 'content-type': 'application/json' };
    const call = (method: string, path: string, body?: unknown) =>
      send(secured.port, path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const socket: TestClient = io(secured.url, {
      transports: ['websocket'],
      auth: { version: 2, token: SECRETS.controller },
    });
    try {
      const spec = { dims: [8], heads: [1], epochs: 0 };
      for (const name of HOSTILE) {
        const made = await call('POST', '/api/sweeps', { ...spec, name });
        report.expect(made.status === 201, `the sweep ${JSON.stringify(name)} got ${made.status}`);
        const { id, runIds } = JSON.parse(made.body) as { id: string; runIds: string[] };
        const patched = await call('PATCH', `/api/runs/${runIds[0]}`, { name, notes: name, tags: [name.slice(0, 50)] });
        report.expect(patched.status === 200, `the run ${JSON.stringify(name)} got ${patched.status}`);
        const run = JSON.parse((await call('GET', `/api/runs/${runIds[0]}`)).body) as { name: string };
        const sweep = JSON.parse((await call('GET', `/api/sweeps/${id}`)).body) as { name: string };
        report.expect(run.name === name && sweep.name === name, `${JSON.stringify(name)} came back as ${run.name}`);
        const csv = await call('GET', `/api/runs/${runIds[0]}/frames?format=csv`);
        const file = String(csv.headers['content-disposition']);
        report.expect(/^attachment; filename=run-[\w-]+\.csv$/.test(file), `a file is called ${file}`);
        const types = [csv, made, patched].map((answer) => String(answer.headers['content-type']));
        report.expect(
          types.every((type) => !type.includes('html')),
          `an answer is ${types.join()}`,
        );
        report.expect(csv.headers['x-content-type-options'] === 'nosniff', 'an answer may be sniffed');
      }
      for (const name of REFUSED) {
        const isRefused = (status: number): boolean => status === 400;
        report.expect(
          isRefused((await call('POST', '/api/sweeps', { ...spec, name })).status),
          `a sweep took ${JSON.stringify(name)}`,
        );
        report.expect(
          isRefused((await call('POST', '/api/tokens', { name, role: 'viewer' })).status),
          `a token took ${JSON.stringify(name)}`,
        );
        const answer = (await ask(socket, 'sweep:create', { ...spec, name })) as { ok: boolean };
        report.expect(!answer.ok, `a sweep took ${JSON.stringify(name)} on a socket`);
      }
      const strange = [
        '..%2f..%2f..%2fetc%2fpasswd',
        '%2e%2e/%2e%2e/package.json',
        '..%5c..%5cx',
        'assets/..%2f..%2fserver%2fmain.js',
        '.env',
        'tokens.json',
      ];
      for (const path of strange) {
        const got = await call('GET', `/${path}`);
        report.expect(got.status === 404 || got.status === 400 || got.status === 403, `/${path} got ${got.status}`);
      }
    } finally {
      socket.disconnect();
      await secured.close();
    }
    return report.outcome();
  },
};
