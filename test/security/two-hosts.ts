/**
 * Two hosts: in a network namespace of its own, behind a pair of virtual cables, another machine opens the page by the
 * links that the server prints. Needs to be root, and iproute2.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFile } from '../faults/built-file.js';
import { type Attack, Report } from './attack.js';

const SERVER = '10.199.77.1';
const GUEST = '10.199.77.2';

export const twoHosts: Attack = {
  name: 'two-hosts',
  title: 'another host: by the view link it watches, by the control link it steers, by none it signs in',
  cases: 1,
  async run() {
    const report = new Report();
    const name = `penta${process.pid}`;
    const [inside, outside] = [`${name}i`, `${name}o`];
    const ip = (...parameters: string[]): void => void execFileSync('ip', parameters);
    const folder = mkdtempSync(join(tmpdir(), 'pentachoron-hosts-'));
    let server: ChildProcess | undefined;
    try {
      ip('netns', 'add', name);
      ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside);
      ip('link', 'set', inside, 'netns', name);
      ip('addr', 'add', `${SERVER}/30`, 'dev', outside);
      ip('link', 'set', outside, 'up');
      ip('-n', name, 'addr', 'add', `${GUEST}/30`, 'dev', inside);
      ip('-n', name, 'link', 'set', inside, 'up');
      const flags = ['--port', '0', '--host', SERVER, '--data', folder, '--sweep', 'reference', '--engine', 'wasm'];
      server = spawn(process.execPath, [projectFile('server/bin.js'), 'serve', ...flags], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const links = await printedLinks(server);
      const guest = spawn(
        'ip',
        [
          'netns',
          'exec',
          name,
          process.execPath,
          projectFile('dist/test/security/guest.js'),
          links.control,
          links.view,
        ],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let said = '';
      guest.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      await once(guest, 'exit');
      const seen = JSON.parse(said) as Record<string, boolean>;
      for (const [what, isSo] of Object.entries(seen)) report.expect(isSo, `from another host, not so: ${what}`);
      report.expect(Object.keys(seen).length > 5, 'the other host did not come to its end');
    } finally {
      if (server?.exitCode === null) {
        const ended = once(server, 'exit');
        server.kill('SIGINT');
        await ended;
      }
      for (const undo of [
        ['link', 'del', outside],
        ['netns', 'del', name],
      ])
        try {
          ip(...undo);
        } catch {
          // It was not made.
        }
      rmSync(folder, { recursive: true, force: true });
    }
    return report.outcome();
  },
};

async function printedLinks(server: ChildProcess): Promise<{ control: string; view: string }> {
  let said = '';
  for await (const chunk of server.stdout!) {
    said += String(chunk);
    const [control, view] = ['control', 'view'].map((name) => new RegExp(`^${name}: (\\S+)$`, 'm').exec(said)?.[1]);
    if (control !== undefined && view !== undefined) {
      server.stdout!.resume();
      return { control, view };
    }
  }
  throw new Error(`the server printed no links: ${said}`);
}
