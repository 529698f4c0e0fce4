import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newPerson } from './person-state.ts';
import { Persons, type PersonsMark, type PersonsPart } from './persons.ts';

/** Serialised at once, as a checkpoint does: what changes afterwards is not in it. */
const written = (parts: Iterable<PersonsPart>): PersonsPart[] => [...parts].map((part) => structuredClone(part));

const restored = (parts: readonly PersonsPart[]): [string, unknown][] => {
  const persons = new Persons(Infinity);
  for (const part of parts) persons.take(part);
  return [...persons];
};

const seen = (persons: Persons, person: string, t: number): void =>
  persons.put(person, { ...(persons.get(person) ?? newPerson()), newestMs: t });

test('parts of several checkpoints, made while persons come, change and go, give what was there when the last one closed, in its order', () => {
  const act = fc.record({ person: fc.nat(130).map((n) => `p${n}`), kind: fc.constantFrom('seen', 'seen', 'seen', 'changed', 'gone') });
  fc.assert(
    fc.property(fc.array(fc.record({ acts: fc.array(act, { maxLength: 80 }), fails: fc.boolean() }), { maxLength: 6 }), (rounds) => {
      const persons = new Persons(120);
      let t = 0;
      const run = ({ person, kind }: { readonly person: string; readonly kind: string }): void => {
        const state = persons.get(person);
        t += 1;
        if (kind === 'gone') persons.delete(person);
        else if (kind === 'seen') seen(persons, person, t);
        else if (state !== undefined) {
          state.phone = String(t);
          persons.change(person);
        }
      };
      for (let n = 0; n < 110; n++) seen(persons, `p${n}`, n);
      let mark: PersonsMark | null = null;
      let chain: PersonsPart[] = [];
      for (const { acts, fails } of rounds) {
        const parts: PersonsPart[] = [];
        const writing = persons.write(mark);
        const left = [...acts];
        // Three looks, between whose parts a third of the acts happens.
        for (let look = 0; look < 2; look++)
          for (const part of writing.parts()) {
            parts.push(structuredClone(part));
            for (const one of left.splice(0, Math.ceil(acts.length / 6))) run(one);
          }
        for (const one of left) run(one);
        if (fails) continue;
        const last = writing.finish();
        parts.push(...written(last.parts));
        mark = last.mark;
        chain = [...chain, ...parts];
        expect(restored(chain)).toEqual([...persons]);
      }
    }),
    { numRuns: 60 },
  );
});

test('a checkpoint that adds to another has only those who changed, and one after a failure has all', () => {
  const persons = new Persons(Infinity);
  for (let n = 0; n < 500; n++) seen(persons, `p${n}`, n);
  const whole = persons.write();
  const all = written(whole.parts());
  expect(all.length).toBeGreaterThan(5);
  const { mark } = whole.finish();
  seen(persons, 'p7', 1_000);
  persons.delete('p9');
  const added = persons.write(mark);
  expect(written(added.parts())).toMatchObject([{ anew: false, persons: [['p7', { newestMs: 1_000 }]], inPlace: [], gone: ['p9'] }]);
  // It never finishes.
  expect(written(persons.write(mark).parts()).flatMap((part) => part.persons).length).toBe(499);
});
