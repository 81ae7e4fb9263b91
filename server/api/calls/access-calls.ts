/** Calls on who may come: signing in and out, tokens. */
import { z } from 'zod';
import type { TokenInfo } from '../../../shared/access.js';
import { strictFields } from '../../../shared/bad-input.js';
import { ok } from '../../../shared/errors.js';
import type { Access } from '../../access/access.js';
import { roleSchema, tokenNameSchema } from '../../access/tokens.js';
import { call, type Call, json, route } from './call.js';
import { sessionSchema, tokenSchema, tokensSchema } from './schemas.js';

const openSchema = strictFields('the body', { token: z.string({ error: 'token must be a text' }) }, ['token']);
const newTokenSchema = strictFields('the body', { name: tokenNameSchema, role: roleSchema }, ['name', 'role']);
const revokeSchema = z.object({ name: z.string() });

/** @param connections by the name of a token, how many sockets are connected with it */
export function accessCalls(access: Access, connections: () => ReadonlyMap<string, number>): Call[] {
  const { tokens } = access;
  return [
    call({
      name: 'session.open',
      needs: 'none',
      schema: openSchema,
      routes: [
        route({
          method: 'post',
          path: '/api/session',
          summary: 'Sign in: the token is kept in a cookie that scripts cannot read.',
          body: openSchema,
          input: ({ body }) => body,
          success: json(200, 'As whom.', sessionSchema),
        }),
      ],
      handle: ({ token }, { session }) => {
        const principal = access.identify(token);
        if (!principal.ok) return principal;
        session?.open(token);
        const { name, role } = principal.data;
        return ok({ name, role });
      },
    }),
    call({
      name: 'session.close',
      needs: 'none',
      schema: z.undefined(),
      routes: [
        route({
          method: 'delete',
          path: '/api/session',
          summary: 'Sign out.',
          input: () => undefined,
          success: { status: 204, description: 'The cookie is gone.' },
        }),
      ],
      handle: (_request, { session }) => {
        session?.close();
        return ok(null);
      },
    }),
    call({
      name: 'token.list',
      needs: 'control',
      schema: z.undefined(),
      routes: [
        route({
          method: 'get',
          path: '/api/tokens',
          summary: 'Who may come, and how many sockets each has. Secrets are not told.',
          input: () => undefined,
          success: json(200, 'Those of the server’s own links first.', tokensSchema),
        }),
      ],
      handle: () => {
        const counts = connections();
        return ok(tokens.list().map((token): TokenInfo => ({ ...token, connections: counts.get(token.name) ?? 0 })));
      },
    }),
    call({
      name: 'token.create',
      needs: 'control',
      schema: newTokenSchema,
      routes: [
        route({
          method: 'post',
          path: '/api/tokens',
          summary:
            'Make a token. From the first one on everyone needs one, on this machine, too; who asks is signed in.',
          body: newTokenSchema,
          input: ({ body }) => body,
          success: {
            status: 201,
            description: 'The token with its secret, which is told this once.',
            content: { 'application/json': tokenSchema },
          },
          failures: [409],
        }),
      ],
      handle: ({ name, role }, { session, digest }) => {
        const wasOpen = digest === null;
        const made = tokens.add(name, role);
        if (!made.ok || !wasOpen || session === null) return made;
        // Whoever closes the door stands inside.
        const own = tokens.add(freeName(access, 'this browser'), 'controller');
        if (own.ok) session.open(own.data.secret);
        return made;
      },
    }),
    call({
      name: 'token.revoke',
      needs: 'control',
      schema: revokeSchema,
      routes: [
        route({
          method: 'delete',
          path: '/api/tokens/{id}',
          summary: 'Revoke a token, by its name. Its sockets end within a second.',
          input: ({ id }) => ({ name: id }),
          success: { status: 204, description: 'It is not valid any more.' },
          failures: [404, 409],
        }),
      ],
      handle: ({ name }) => tokens.revoke(name),
    }),
  ];
}

function freeName({ tokens }: Access, name: string): string {
  const names = new Set(tokens.list().map((token) => token.name));
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name} ${number}`;
    if (!names.has(free)) return free;
  }
}
