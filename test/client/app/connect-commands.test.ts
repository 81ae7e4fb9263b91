/** The commands that bring a program's run here, with and without a token. */
import { expect, it } from 'vitest';
import { connectSnippets, serverOf } from '../../../client/app/connect-commands.js';

it('have the address that the page has, and no token where nobody needs one', () => {
  const address = serverOf('http://127.0.0.1:4317/?x=1#view=run');
  const all = connectSnippets({ address, version: '0.1.0', token: undefined }).map(({ code }) => code);
  expect(all[0]).toBe('pip install http://127.0.0.1:4317/python/pentachoron-0.1.0-py3-none-any.whl');
  expect(all[1]).toBe('PENTACHORON_URL=http://127.0.0.1:4317 python -m pentachoron train.py');
  expect(all.join()).not.toMatch(/TOKEN|Bearer (?!\$)/);
});

it('have the path that a proxy gives the page, and the token wherever one is needed', () => {
  const address = serverOf('https://runs.example.org/lab/index.html');
  expect(address).toBe('https://runs.example.org/lab');
  const [, script, python, http] = connectSnippets({ address, version: '1.2.3', token: 'secret' });
  expect(script!.code).toBe(
    'PENTACHORON_URL=https://runs.example.org/lab PENTACHORON_TOKEN=secret python -m pentachoron train.py',
  );
  expect(python!.note).toContain('export PENTACHORON_TOKEN=secret');
  expect(http!.code).toContain("-H 'Authorization: Bearer secret'");
});
