/** What is told of a change, and what a holder makes of it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Delta, deltaOf, joinedDelta, withDelta } from '../../shared/delta.js';

interface Thing {
  id: string;
  engine: string | null;
  note?: string;
  tags: string[];
}

const thing = fc.record(
  {
    id: fc.constant('x'),
    engine: fc.constantFrom(null, 'wasm', 'cpu'),
    note: fc.constantFrom('', 'a', 'b'),
    tags: fc.array(fc.constantFrom('t', 'u')),
  },
  { requiredKeys: ['id', 'engine', 'tags'] },
) as fc.Arbitrary<Thing>;

describe('a change', () => {
  test('brings a holder of what was before to what is now, and names nothing else', () => {
    fc.assert(
      fc.property(thing, thing, (before, after) => {
        const delta = deltaOf(before, after);
        expect(withDelta(before, delta ?? { id: 'x' })).toEqual(after);
        for (const field of Object.keys(delta ?? {}).filter((name) => name !== 'id'))
          expect(before[field as keyof Thing]).not.toEqual(after[field as keyof Thing]);
      }),
    );
  });

  test('of what was not known is all of it; of what has gone the field is null', () => {
    const one: Thing = { id: 'x', engine: null, note: 'a', tags: [] };
    expect(deltaOf(undefined, one)).toEqual(one);
    expect(deltaOf(one, { id: 'x', engine: null, tags: [] })).toEqual({ id: 'x', note: null });
    expect(withDelta(one, { id: 'x', engine: null })).toHaveProperty('engine', null);
  });

  test('that follows another is joined with it, whoever has heard of the first', () => {
    fc.assert(
      fc.property(fc.array(thing, { minLength: 2, maxLength: 5 }), fc.nat(), (states, from) => {
        let all: Delta<Thing> | undefined;
        states.slice(1).forEach((state, index) => {
          const delta = deltaOf(states[index], state);
          if (delta !== null) all = joinedDelta(all, delta);
        });
        const known = states[from % states.length]!;
        expect(withDelta(known, all ?? { id: 'x' })).toEqual(states.at(-1));
      }),
    );
  });
});
