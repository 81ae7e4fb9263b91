import { expect, it } from 'vitest';
import { runCommand } from '../support/run-command.js';
import { signalled } from '../support/signalled.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Loaded into the command: sends it SIGTERM from within its own first word of being live, which nobody is quicker than. */
const HASTE = `
  const { write } = process.stderr;
  process.stderr.write = function (text, ...rest) {
    if (String(text).includes('live at')) process.kill(process.pid, 'SIGTERM');
    return write.call(this, text, ...rest);
  };
`;

it('a server that is ended as soon as it says that it is live ends in order', async () => {
  const hook = `--import data:text/javascript,${encodeURIComponent(HASTE)}`;
  const args = ['serve', '--port', '0', '--data', temporaryFolder(), '--sweep', 'reference'];
  const { code, stderr } = await runCommand(args, { NODE_OPTIONS: hook });
  expect(stderr).toContain('Closing: runs are kept as they are');
  expect(code).toBe(0);
});

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends a server that is still starting in order, too',
  async (signal) => {
    const args = ['serve', '--port', '0', '--data', temporaryFolder()];
    const { code, stderr } = await runCommand(args, { NODE_OPTIONS: signalled(signal) });
    expect(stderr).toContain('Closing: runs are kept as they are');
    expect(code).toBe(0);
  },
);

it('a second signal ends a server at once', async () => {
  const args = ['serve', '--port', '0', '--data', temporaryFolder()];
  const { code } = await runCommand(args, { NODE_OPTIONS: signalled('SIGHUP', 'SIGTERM') });
  expect(code).toBe(130);
});
