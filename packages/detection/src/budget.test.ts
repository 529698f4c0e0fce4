import { loadPolicies } from '@skyeye/catalogue';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget, type Candidate } from './budget.ts';

const policy = loadPolicies().budget;
const T = Date.UTC(2026, 8, 16);
const DAY = 86_400_000;

/** Numbers in 0..1 from a seed. */
function drawer(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Cases of some days, more by day than by night, with losses over four powers of ten; every twentieth is above any bar. */
function cases(perDay: number, days: number, seed = 1): Candidate[] {
  const draw = drawer(seed);
  return Array.from({ length: perDay * days }, (_, index) => ({
    person: `p${index}`,
    tMs: T + Math.floor((Math.floor(index / perDay) + (draw() + draw() + draw()) / 3) * DAY),
    priorityFen: Math.round(1000 * 10 ** (4 * draw())),
    floor: draw() < 0.05,
  })).toSorted((a, b) => a.tMs - b.tMs);
}

function run(budget: Budget, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter((candidate) => {
    budget.advance(candidate.tMs);
    const admitted = candidate.floor || candidate.priorityFen >= budget.barFen;
    budget.take(candidate);
    return admitted;
  });
}

test.each([1, 2, 3])(
  'of ninety cases a day about fifteen are visited, from the third day on, and they are the heavy ones (seed %i)',
  (seed) => {
    const all = cases(90, 9, seed);
    const visited = run(new Budget(15, policy), all).filter(({ tMs }) => tMs >= T + 2 * DAY);
    expect(visited.length / 7).toBeGreaterThan(9);
    expect(visited.length / 7).toBeLessThan(17);
    const heavy = visited.filter(({ floor }) => !floor).map(({ priorityFen }) => priorityFen);
    const median = all.map(({ priorityFen }) => priorityFen).toSorted((a, b) => a - b)[all.length / 2] ?? 0;
    expect(Math.min(...heavy)).toBeGreaterThan(median);
  },
);

test('a case above the floor is visited however many there are', () => {
  const all = cases(400, 3).map((candidate, index) => ({
    ...candidate,
    floor: index % 4 === 0,
    priorityFen: candidate.floor ? 1 : candidate.priorityFen,
  }));
  const visited = new Set(run(new Budget(5, policy), all));
  expect(all.filter(({ floor }) => floor).every((candidate) => visited.has(candidate))).toBe(true);
});

test('where the county can visit them all the bar stays at nothing, and without a budget too', () => {
  for (const perDay of [15, null]) {
    const budget = new Budget(perDay, policy);
    expect(run(budget, cases(10, 6)).length).toBe(60);
    expect(budget.barFen).toBe(0);
  }
  const unlimited = new Budget(null, policy);
  expect(run(unlimited, cases(500, 2)).length).toBe(1000);
});

test('the bar moves in steps of limited size, and comes down again when it is quiet', () => {
  const budget = new Budget(5, policy);
  run(budget, cases(300, 2));
  let before = budget.barFen;
  expect(before).toBeGreaterThan(0);
  for (let tMs = T + 2 * DAY; tMs < T + 8 * DAY; tMs += policy.stepMs) {
    budget.advance(tMs);
    const { barFen } = budget;
    expect(barFen).toBeLessThanOrEqual(Math.ceil(Math.max(before, policy.leastFen) * policy.factorMax));
    expect(barFen === 0 || barFen >= Math.floor(before / policy.factorMax)).toBe(true);
    expect(barFen).toBeLessThanOrEqual(policy.mostFen);
    before = barFen;
  }
  expect(budget.barFen).toBe(0);
});

test('the bar is a matter of the cases and of event time: moments without a case, or a restart, change nothing', () => {
  const all = cases(120, 3, 7);
  const plain = run(new Budget(10, policy), all);
  fc.assert(
    fc.property(fc.nat(all.length), fc.integer({ min: 1, max: 40 }), (cut, every) => {
      const first = new Budget(10, policy);
      const second = new Budget(10, policy);
      const head = run(first, all.slice(0, cut));
      second.restore(structuredClone(first.state()));
      const tail = all.slice(cut).flatMap((candidate, index) => {
        if (index % every === 0) second.advance(candidate.tMs - 1);
        second.advance(T);
        return run(second, [candidate]);
      });
      expect([...head, ...tail]).toEqual(plain);
    }),
    { numRuns: 10 },
  );
});
