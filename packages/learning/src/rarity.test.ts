import { expect, test } from 'vitest';
import { UNKNOWN_MAX, unknownsOf, type PersonDay } from './rarity.ts';
import { random } from './testing/simulated-feedback.ts';

const GROUPS = 'ABCDEFGH';
const groupOf = (id: string): string | null => (id.startsWith('N') ? null : id.slice(0, 1));

/** A county: each person has one or two kinds of signals, of which the first of a group are common and the last are rare. */
function days(seed: number, day: number, persons: number): PersonDay[] {
  const next = random(seed);
  return Array.from({ length: persons }, (_, at) => {
    const features = Array.from({ length: 1 + Math.floor(next() * 2) }, () => {
      const group = GROUPS[Math.floor(next() * GROUPS.length)] ?? 'A';
      return `${group}${Math.floor(8 * next() ** 3)}`;
    });
    return { person: `p_${day}_${at}`, day, features, known: false, outFen: 0 };
  });
}

const NEW_SCRIPT = ['A6', 'C7', 'D6', 'G7'];

test('a scam that nobody wrote a rule for stands at the head of the list', () => {
  const history = [1, 2, 3, 4].flatMap((day) => days(day, day, 1_500));
  const today = days(9, 9, 1_500);
  const victims = [1, 2, 3].map((at) => ({ person: `victim${at}`, day: 9, features: NEW_SCRIPT, known: false, outFen: 500_000 * at }));
  const found = unknownsOf([...today, ...victims], history, groupOf);
  expect(found.slice(0, 3).map(({ person }) => person)).toEqual(['victim3', 'victim2', 'victim1']);
  expect(found.length).toBeLessThanOrEqual(UNKNOWN_MAX);
  expect(found[0]?.features.every(({ share }) => share < 0.05)).toBe(true);
});

test('nobody whom we know of already, and nobody for mitigation alone, is on the list', () => {
  const history = days(1, 1, 1_000);
  const known = { person: 'known', day: 9, features: NEW_SCRIPT, known: true, outFen: 0 };
  const calm = { person: 'calm', day: 9, features: ['N1', 'N2', 'N3'], known: false, outFen: 0 };
  expect(unknownsOf([...days(9, 9, 500), known, calm], history, groupOf).map(({ person }) => person)).not.toContain('known');
  expect(unknownsOf([calm], history, groupOf)).toEqual([]);
});

test('a day on which half the county is strange still gives an analyst twenty', () => {
  const strange = Array.from({ length: 300 }, (_, at) => ({
    person: `s${at}`,
    day: 9,
    features: [`A${at}`, `C${at}`, `D${at}`, `F${at}`],
    known: false,
    outFen: at,
  }));
  const found = unknownsOf([...days(9, 9, 2_000), ...strange], days(1, 1, 3_000), groupOf);
  expect(found).toHaveLength(UNKNOWN_MAX);
  expect(found[0]?.person).toBe('s299');
});
