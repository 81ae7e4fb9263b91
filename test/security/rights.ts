/** Every event and every route, by everyone: each does what the role may, and nothing else. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call } from '../../server/api/calls/call.js';
import { createCalls } from '../../server/api/calls/calls.js';
import { Access } from '../../server/access/access.js';
import { Tokens } from '../../server/access/tokens.js';
import { hasRight, type Role } from '../../shared/access.js';
import { ask } from '../support/running-app.js';
import { ScriptedService } from '../support/scripted-service.js';
import { send } from '../support/raw-request.js';
import { type Attack, Report } from './attack.js';
import { SECRETS, SecuredServer } from './secured-server.js';

export const rights: Attack = {
  name: 'rights',
  title: 'every event and route, by none, viewer, writer, controller and a revoked token',
  cases: 1,
  async run() {
    const report = new Report();
    const secured = await SecuredServer.start();
    const service = new ScriptedService();
    // For the table's names alone.
    const calls = createCalls({
      service,
      access: new Access({ tokens: new Tokens(join(tmpdir(), 'pentachoron-no-tokens')), isPublic: true }),
      health: () => ({ status: 'ok' }),
      connections: () => new Map(),
    });
    try {
      await overHttp(secured, calls, report);
      await onSockets(secured, calls, report);
    } finally {
      await Promise.all([secured.close(), service.close()]);
    }
    return report.outcome();
  },
};

const CALLERS: { name: string; role: Role | null; secret: string | null }[] = [
  { name: 'none', role: null, secret: null },
  { name: 'a revoked token', role: null, secret: 'revoked-long-ago' },
  ...Object.entries(SECRETS).map(([role, secret]) => ({ name: role, role: role as Role, secret })),
];

async function overHttp({ port }: SecuredServer, calls: readonly Call[], report: Report): Promise<void> {
  for (const { name, needs, routes } of calls)
    for (const { method, path } of routes)
      for (const caller of CALLERS) {
        const headers = {
          'content-type': 'application/json',
          ...(caller.secret !== null && { authorization: `Bearer ${caller.secret}` }),
        };
        const body = method === 'post' || method === 'patch' ? '{"nothing":"that fits"}' : undefined;
        const { status } = await send(port, path.replace('{id}', 'nope'), {
          ...{ method: method.toUpperCase(), headers },
          ...(body !== undefined && { body }),
        });
        const isRefused = status === 401 || status === 403;
        const isMeant = caller.name !== 'a revoked token' && hasRight(caller.role, needs);
        const cell = `${caller.name}: ${method} ${path} (${name})`;
        report.expect(isRefused === !isMeant, `${cell} was answered with ${status}`);
      }
}

async function onSockets(secured: SecuredServer, calls: readonly Call[], report: Report): Promise<void> {
  for (const { role, secret } of CALLERS) {
    const mayWatch = hasRight(role, 'watch');
    const options = { auth: { version: 2, ...(secret !== null && { token: secret }) } };
    if (!mayWatch) {
      report.expect((await secured.trouble(options)) !== null, `${role} connected`);
      continue;
    }
    const socket = secured.client(options);
    await new Promise((resolve) => socket.once('connect', resolve as () => void));
    for (const { event, needs } of calls) {
      if (event === undefined) continue;
      const answer = (await ask(socket, event, { nothing: 'that fits' })) as { error?: { code: string } };
      const isRefused = answer.error?.code === 'forbidden' || answer.error?.code === 'unauthorized';
      report.expect(isRefused === !hasRight(role, needs), `${role}: ${event} was answered with ${answer.error?.code}`);
    }
  }
}
