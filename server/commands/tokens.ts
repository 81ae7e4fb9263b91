/** `pentachoron tokens`: who may come to a data folder's server, also while it runs. */
import Table from 'cli-table3';
import type { Command } from 'commander';
import { ROLES } from '../../shared/access.js';
import { roleSchema, Tokens } from '../access/tokens.js';
import { folder, valueOption } from '../config.js';
import { messageOf } from '../message-of.js';
import { writeOutput } from './write-output.js';

interface TokensOptions {
  data: string;
  role: string;
  json?: true;
}

const dataOption = () => valueOption('--data <dir>', 'the data folder of the server', folder).default('./data');

export function registerTokens(program: Command): void {
  const tokens = program.command('tokens').description('lists, adds and revokes what others sign in with');
  tokens
    .command('list')
    .description('prints names and roles; secrets are shown only when they are made')
    .addOption(dataOption())
    .option('--json', 'as JSON')
    .action((options: TokensOptions) =>
      act(async () => {
        const list = new Tokens(options.data).list();
        if (options.json === true) return writeOutput([`${JSON.stringify(list, null, 2)}\n`]);
        if (list.length === 0) {
          process.stderr.write('There are no tokens.\n');
          return true;
        }
        const table = new Table({ head: ['name', 'role', 'made', 'by'], style: { head: [], border: [] } });
        for (const { name, role, createdAt, origin } of list)
          table.push([name, role, createdAt, origin === 'start' ? 'the server' : 'hand']);
        return writeOutput([`${table.toString()}\n`]);
      }),
    );
  tokens
    .command('add')
    .argument('<name>', 'how the log and the page call whoever uses it')
    .description('makes a token and prints its secret, this once; from the first one on everyone needs one')
    .requiredOption('--role <role>', `what it allows: ${ROLES.join(', ')}`)
    .addOption(dataOption())
    .action((name: string, options: TokensOptions) =>
      act(async () => {
        const role = roleSchema.safeParse(options.role);
        if (!role.success) return complain(`--${role.error.issues[0]!.message}`, 2);
        const made = new Tokens(options.data).add(name, role.data);
        if (!made.ok) return complain(made.error.message, made.error.code === 'bad_input' ? 2 : 1);
        process.stderr.write(`The token ${name} (${role.data}) is shown this once:\n`);
        return writeOutput([`${made.data.secret}\n`]);
      }),
    );
  tokens
    .command('revoke')
    .argument('<name>')
    .description('ends a token; what is connected with it ends within a second')
    .addOption(dataOption())
    .action((name: string, options: TokensOptions) =>
      act(() => {
        const revoked = new Tokens(options.data).revoke(name);
        if (!revoked.ok) return complain(revoked.error.message, 1);
        process.stderr.write(`The token ${name} is revoked.\n`);
        return true;
      }),
    );
}

/** @param what answers whether all could be written; says itself what could not be done */
async function act(what: () => boolean | Promise<boolean>): Promise<void> {
  try {
    if (!(await what())) process.exitCode ??= 1;
  } catch (error) {
    complain(messageOf(error), 1);
  }
}

function complain(message: string, code: 1 | 2): false {
  process.stderr.write(`pentachoron tokens: ${message}\n`);
  process.exitCode = code;
  return false;
}
