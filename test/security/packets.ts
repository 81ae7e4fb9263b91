/**
 * Generated packets and requests: what fits and what is a little or quite wrong, huge, deep, binary or no text at all.
 * The server lives, does not grow, keeps nobody waiting, and holds what it said that it took.
 */
import fc from 'fast-check';
import { ask, type TestClient } from '../support/running-app.js';
import { send } from '../support/raw-request.js';
import { type Attack, Report } from './attack.js';
import { percentile, SECRETS, SecuredServer } from './secured-server.js';

const MOST_GROWTH_MB = 50;
const MOST_WAIT_MS = 200;
const WARM_UP = 5000;
/** Below so many the numbers say more of the machine than of the server. */
const JUDGED = 10_000;
/** At a time: as many as a busy program has. */
const AT_ONCE = 8;
/** Events that a socket may send before it is another one's turn: below the limit in 10 seconds. */
const EVENTS_OF_A_SOCKET = 4000;
const SWEEPS_KEPT = 40;

const hostile = fc.oneof(
  ...[fc.anything({ withBigInt: false, withDate: false, withMap: false, withSet: false, maxDepth: 3 }), fc.string()],
  fc.constantFrom<unknown>(
    ...[
      null,
      undefined,
      true,
      0,
      -0,
      -1,
      1e308,
      NaN,
      Infinity,
      2 ** 53,
      '',
      '__proto__',
      'constructor',
      '../../etc/passwd',
    ],
    ...['x'.repeat(12_000), '\ud800', '\u0000', '‮', '=1+1', [], {}, [[]], nested(500)],
    JSON.parse('{"__proto__": {"role": "controller"}}'),
  ),
);
const whole = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 40 }) }, hostile);
const list = (of: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.oneof(fc.array(of, { maxLength: 4 }), hostile);

/** A sweep that may be meant: small, and paused before it trains. */
const spec = fc.oneof(
  fc.record(
    {
      dims: list(fc.constantFrom<unknown>(4, 8, 16)),
      heads: list(fc.constantFrom<unknown>(1, 2)),
      epochs: whole,
      name: hostile,
      requestId: fc.oneof(fc.string({ maxLength: 8 }), hostile),
    },
    { requiredKeys: [] },
  ),
  hostile,
);
const runId = fc.oneof(fc.constantFrom<unknown>('nope', '__proto__', 'x'.repeat(101)), hostile);

const events: Record<string, fc.Arbitrary<unknown>> = {
  'runs:watch': fc.oneof(fc.record({ after: hostile }, { requiredKeys: [] }), hostile),
  'sweep:create': spec,
  'sweep:estimate': spec,
  'run:control': fc.record({
    runId,
    action: fc.oneof(fc.constantFrom('pause', 'stop', 'restart', 'extend'), hostile),
    total: whole,
  }),
  'run:subscribe': fc.record({ runId, after: whole, series: list(fc.string()) }, { requiredKeys: ['runId', 'after'] }),
  'run:unsubscribe': fc.record({ runId }),
};
const aPacket = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.oneof(...Object.entries(events).map(([event, payload]) => fc.tuple(fc.constant(event), payload))),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'connect', 'disconnect', 'error')), hostile),
  },
);
const aRequest = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT'),
  path: fc.oneof(
    fc.constantFrom(
      '/api/runs',
      '/api/sweeps',
      '/api/session',
      '/api/tokens',
      '/api/runs/nope/frames?after=',
      '/api/runs/__proto__',
    ),
    fc.webPath().map((path) => `/api${path}`),
    fc.constantFrom(
      '/..%2f..%2fetc/passwd',
      '/%00',
      '/api/runs/%ff',
      '/api/runs?status[]=x&after[__proto__]=y',
      '//evil.example/',
    ),
  ),
  body: fc.oneof(
    spec.map((value) => textOf(value)),
    fc.string(),
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom('{', '[[[[', '['.repeat(30_000), '{"__proto__":{}}', '\ufffe', ' '.repeat(70_000)),
  ),
  type: fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/json; charset=x',
  ),
});

export const packets: Attack = {
  name: 'packets',
  title: 'generated packets and requests: the process lives, does not grow, and holds what it took',
  cases: 100_000,
  async run(cases) {
    const report = new Report();
    const secured = await SecuredServer.start(['--max-sweeps', String(SWEEPS_KEPT)]);
    /** Ids of sweeps that were said to be made. */
    const made = new Set<string>();
    try {
      // What is built once is not growth: the document, the caches of lists.
      await fire(secured, Math.min(WARM_UP, cases), made, report);
      const isJudged = cases >= JUDGED;
      const baseMb = isJudged ? await secured.settledMb() : 0;
      const well = await secured.watchWell();
      await fire(secured, cases, made, report);
      const waited = await well();
      const grownMb = isJudged ? (await secured.settledMb()) - baseMb : 0;
      const p99 = percentile(waited, 0.99);
      report.expect(!isJudged || grownMb < MOST_GROWTH_MB, `the server grew by ${grownMb.toFixed(0)} MB`);
      report.expect(!isJudged || p99 < MOST_WAIT_MS, `another viewer waited ${p99.toFixed(0)} ms (p99)`);
      const { sweeps } = await keptBy(secured);
      const lost = [...made].filter((id) => !sweeps.has(id));
      const unasked = [...sweeps].filter((id) => !made.has(id));
      report.expect(lost.length === 0, `${lost.length} sweeps were said to be made and are not there`);
      report.expect(unasked.length === 0, `${unasked.length} sweeps are there that nobody was told of`);
      return report.outcome(`+${grownMb.toFixed(0)} MB, p99 ${p99.toFixed(0)} ms, ${made.size} sweeps made`);
    } finally {
      await secured.close();
    }
  },
};

async function fire(secured: SecuredServer, cases: number, made: Set<string>, report: Report): Promise<void> {
  const seeds = Math.ceil(cases / AT_ONCE / 2);
  const sampled = fc.sample(aPacket, { numRuns: seeds * AT_ONCE });
  const requests = fc.sample(aRequest, { numRuns: cases - Math.min(cases, sampled.length) });
  const note = (answer: unknown): void => {
    const { data } = (answer ?? {}) as { data?: { id?: string; runIds?: string[] } };
    if (typeof data?.id === 'string' && Array.isArray(data.runIds)) made.add(data.id);
  };
  const senders = Array.from({ length: AT_ONCE }, async (_, sender) => {
    let socket: TestClient | undefined;
    for (let index = sender, sent = 0; index < sampled.length; index += AT_ONCE, sent += 1) {
      if (socket === undefined || !socket.connected || sent % EVENTS_OF_A_SOCKET === 0)
        socket = await connected(secured);
      const [event, payload] = sampled[index]!;
      if (RESERVED.has(event)) continue;
      const answer = await answered(socket, event, payload);
      note(answer);
      report.expect(answer === CUT || isAnswer(answer), `${event} was answered with ${textOf(answer)}`);
    }
  });
  const askers = Array.from({ length: AT_ONCE }, async (_, asker) => {
    for (let index = asker; index < requests.length; index += AT_ONCE) {
      const { method, path, body, type } = requests[index]!;
      const headers = { 'content-type': type, authorization: `Bearer ${SECRETS.controller}` };
      try {
        const hasBody = method !== 'GET';
        const got = await send(secured.port, path, { method, headers, ...(hasBody && { body }) });
        if (path === '/api/sweeps' && method === 'POST' && got.status === 201)
          note({ data: JSON.parse(got.body) as object });
        report.expect(got.status !== 500, `${method} ${path} was answered with 500: ${got.body}`);
      } catch (error) {
        // A path that Node itself does not send, or a connection that was cut upon what is no HTTP.
        report.expect(error instanceof Error, String(error));
      }
    }
  });
  await Promise.all([...senders, ...askers]);
}

/** socket.io-client does not send these. */
const RESERVED = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']);
const CUT = Symbol('the connection was ended');

async function connected(secured: SecuredServer): Promise<TestClient> {
  const socket = secured.client({ auth: { version: 2, token: SECRETS.controller } });
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve as () => void);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** What is too large or malformed ends the connection: that is an answer, too. */
function answered(socket: TestClient, event: string, payload: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    const cut = (): void => resolve(CUT);
    socket.once('disconnect', cut);
    ask(socket, event, payload).then(
      (answer) => {
        socket.off('disconnect', cut);
        resolve(answer);
      },
      () => resolve(CUT),
    );
  });
}

function isAnswer(answer: unknown): boolean {
  const { ok, error } = (answer ?? {}) as { ok?: boolean; error?: { code?: string; message?: string } };
  return ok === true || (ok === false && typeof error?.message === 'string' && error.code !== 'internal');
}

async function keptBy({ port }: SecuredServer): Promise<{ sweeps: Set<string> }> {
  const sweeps = new Set<string>();
  for (let after = ''; ;) {
    const { body } = await send(port, `/api/sweeps${after}`, {
      headers: { authorization: `Bearer ${SECRETS.viewer}` },
    });
    const part = JSON.parse(body) as { sweeps: { id: string }[]; next?: string };
    for (const { id } of part.sweeps) sweeps.add(id);
    if (part.next === undefined) return { sweeps };
    after = `?after=${part.next}`;
  }
}

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

function textOf(value: unknown): string {
  try {
    return value === undefined ? 'undefined' : JSON.stringify(value);
  } catch {
    return String(value);
  }
}
