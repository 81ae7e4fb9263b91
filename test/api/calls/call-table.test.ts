/** The table of calls: what each needs, and that it is refused before anything of it is looked at. */
import { describe, expect, it } from 'vitest';
import { hasRight, ROLES } from '../../../shared/access.js';
import { ok } from '../../../shared/errors.js';
import { type Caller, CallTable } from '../../../server/api/calls/call.js';
import { createCalls } from '../../../server/api/calls/calls.js';
import { Access } from '../../../server/access/access.js';
import { Tokens } from '../../../server/access/tokens.js';
import { ScriptedService } from '../../support/scripted-service.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const NEEDS = {
  'server.health': 'none',
  'session.open': 'none',
  'session.close': 'none',
  'token.list': 'control',
  'token.create': 'control',
  'token.revoke': 'control',
  'sweep.create': 'control',
  'sweep.estimate': 'control',
  'sweep.list': 'watch',
  'sweep.read': 'watch',
  'sweep.delete': 'control',
  'sweep.control': 'control',
  'run.list': 'watch',
  'run.read': 'watch',
  'run.change': 'describe',
  'run.delete': 'control',
  'run.control': 'control',
  'run.frames': 'watch',
  'run.measurements': 'watch',
  'run.checkpoints': 'watch',
  'run.log': 'watch',
  'run.open': 'open',
  'run.append': 'write',
  'run.print': 'write',
  'run.report': 'write',
  'run.obey': 'write',
  'run.output': 'watch',
  'runs.watch': 'watch',
  'run.subscribe': 'watch',
  'run.unsubscribe': 'watch',
} as const;
const MAY = {
  controller: ['none', 'watch', 'control', 'open', 'describe'],
  viewer: ['none', 'watch'],
  writer: ['none', 'open'],
  program: ['none', 'write', 'describe'],
  anyone: ['none'],
};

const access = new Access({ tokens: new Tokens(temporaryFolder()), isPublic: true });
const calls = createCalls({
  service: new ScriptedService(),
  access,
  health: () => ({ status: 'ok' }),
  connections: () => new Map(),
});
const over: Pick<Caller, 'name' | 'digest' | 'transport' | 'feed' | 'session'> = {
  ...{ name: null, digest: null },
  ...{ transport: 'http', feed: null, session: null },
};
const errors: unknown[] = [];
const table = new CallTable(calls, { error: (details: unknown) => void errors.push(details) }, () => false);

it('holds each call once, with what it needs', () => {
  expect(calls.map(({ name, needs }) => [name, needs])).toEqual(Object.entries(NEEDS));
});

it('every event and every route is one call’s alone', () => {
  const events = calls.flatMap(({ event }) => event ?? []);
  const routes = calls.flatMap((call) => call.routes.map(({ method, path }) => `${method} ${path}`));
  expect(new Set(events).size).toBe(events.length);
  expect(new Set(routes).size).toBe(routes.length);
  for (const { name, event, routes } of calls) expect(event !== undefined || routes.length > 0, name).toBe(true);
});

describe.each([...ROLES, 'program', null] as const)('a caller of the role %s', (role) => {
  it.each(Object.entries(NEEDS))('%s, which needs %s', async (name, needs) => {
    const call = calls.find((each) => each.name === name)!;
    let isRead = false;
    const given = () => {
      isRead = true;
      return ok({ nothing: 'that fits' });
    };
    const answer = await table.perform(call, given, { role, ...over });
    const isAllowed = MAY[role ?? 'anyone'].includes(needs);
    expect(hasRight(role, needs)).toBe(isAllowed);
    expect(isRead).toBe(isAllowed);
    if (!isAllowed && needs === 'write')
      expect(answer).toMatchObject({
        ok: false,
        error: { code: 'unauthorized', message: expect.stringContaining('ingestToken') },
      });
    else if (!isAllowed)
      expect(answer).toMatchObject(
        role === null
          ? { ok: false, error: { code: 'unauthorized', message: expect.stringContaining('a token is needed') } }
          : { ok: false, error: { code: 'forbidden', message: expect.stringContaining(name) } },
      );
    else if (!answer.ok) expect(answer.error.code).not.toBe('forbidden');
  });
});

it('while the server closes, only what is always answered is', async () => {
  const closing = new CallTable(calls, { error: () => undefined }, () => true);
  for (const call of calls) {
    const role = call.needs === 'write' ? 'program' : 'controller';
    const answer = await closing.perform(call, () => ok(undefined), { role, ...over });
    expect(answer.ok, call.name).toBe(call.name === 'server.health');
    if (!answer.ok) expect(answer.error.code).toBe('unavailable');
  }
});

it('what a call throws becomes an internal error with an id that leads to the log', async () => {
  const call = calls.find(({ name }) => name === 'runs.watch')!;
  const answer = await table.perform(call, () => ok({}), { role: 'controller', ...over });
  expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
  const { id } = errors.at(-1) as { id: string };
  expect(answer.ok ? '' : answer.error.message).toContain(id);
});
