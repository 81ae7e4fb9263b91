/** Which dialogs are open: what one asks to open, its element sees, and closes it and no other. */
// @vitest-environment node
import { expect, it, vi } from 'vitest';
import { whenChanged } from '../../../client/data/signals.js';
import { Dialogs } from '../../../client/runs/dialogs.js';

const sweep = { kind: 'sweeps', id: 's', name: 'a sweep', loses: 'All of it is lost.' } as const;

it('opens a dialog with what it is about, beside those that are open', () => {
  const dialogs = new Dialogs();
  dialogs.show('help', {});
  dialogs.show('delete', sweep);
  expect([dialogs.of('help'), dialogs.of('delete'), dialogs.of('log')]).toEqual([{}, sweep, undefined]);
  dialogs.show('delete', { ...sweep, id: 't' });
  expect(dialogs.of('delete')?.id).toBe('t');
  dialogs.close('delete');
  expect([dialogs.of('help'), dialogs.of('delete')]).toEqual([{}, undefined]);
});

it('tells who looks at it, and nobody of a dialog that was closed already', () => {
  const dialogs = new Dialogs();
  const heard = vi.fn();
  whenChanged(() => dialogs.of('commands'), heard);
  dialogs.show('commands', {});
  dialogs.close('commands');
  expect(heard).toHaveBeenCalledTimes(2);
  dialogs.close('commands');
  expect(heard).toHaveBeenCalledTimes(2);
});

it('closes those by which something is changed, and no other', () => {
  const dialogs = new Dialogs();
  dialogs.show('help', {});
  dialogs.show('new-sweep', {});
  dialogs.show('delete', sweep);
  dialogs.closeControls();
  expect([dialogs.of('help'), dialogs.of('new-sweep'), dialogs.of('delete')]).toEqual([{}, undefined, undefined]);
});
