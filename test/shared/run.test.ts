import { expect, test } from 'vitest';
import { effectOf, RUN_ACTIONS, RUN_STATUSES, type Effect } from '../../shared/run.js';

/** As users are told, a column a status in the order of `RUN_STATUSES`: `=` as it is, `-` a conflict, `+` a new run. */
const PROMISED: Record<(typeof RUN_ACTIONS)[number], string> = {
  pause: 'paused pausing = = - - - - -',
  resume: '= = running queued - queued - queued -',
  stop: 'stopped stopping stopping stopped = = - - -',
  restart: '- - - + - + + + +',
  extend: '- - - - - queued queued - -',
};

function inShort(effect: Effect): string {
  switch (effect.kind) {
    case 'to':
      return effect.status;
    case 'withdraw':
      return 'running';
    default:
      return { same: '=', refused: '-', 'new-run': '+', request: '?' }[effect.kind];
  }
}

test.each(RUN_ACTIONS)('%s does in every status what is promised, to a paused run, too', (action) => {
  expect(RUN_STATUSES.map((status) => inShort(effectOf(action, { source: 'local', status }))).join(' ')).toBe(
    PROMISED[action],
  );
});
