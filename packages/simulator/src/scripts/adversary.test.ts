import { demoCounty } from '@skyeye/geo';
import { expect, test } from 'vitest';
import { COUNTY_START_MS } from '../batch.ts';
import { makePopulation } from '../population.ts';
import { adversarial, ADVERSARIES } from './adversary.ts';
import { Instance } from './instance.ts';
import type { Plan } from './plan.ts';
import { Schedule, SCRIPT_MAX_MS } from './schedule.ts';

const HOUR = 3_600_000;

function plans(): Plan[] {
  const population = makePopulation(5, demoCounty, 150, COUNTY_START_MS);
  const schedule = new Schedule(population, { scams: 'dense', everyMs: 600_000 }, COUNTY_START_MS - SCRIPT_MAX_MS);
  return [...schedule.due(COUNTY_START_MS + 6 * HOUR)].filter(({ script }) => script.label === 'fraud');
}
const lossesOf = (plan: Plan) => {
  const instance = new Instance(plan);
  instance.advance(
    Infinity,
    () => undefined,
    (_step, _payment, dueMs) => ({ kind: 'go', atMs: dueMs }),
  );
  return instance.lost;
};
const sum = (list: ReturnType<typeof lossesOf>): number => list.reduce((total, { amtFen }) => total + amtFen, 0);

test('whatever they do, about the same money leaves when nobody steps in, and every payment has an id of its own', () => {
  let told = 0;
  for (const plan of plans()) {
    const plain = lossesOf(plan);
    for (const how of ADVERSARIES) {
      const lost = lossesOf(adversarial(plan, how));
      expect(new Set(lost.map(({ txid }) => txid)).size).toBe(lost.length);
      if (plain.length === 0) continue;
      told++;
      expect(Math.abs(sum(lost) / sum(plain) - 1), `${plan.script.id} ${how}`).toBeLessThan(0.2);
    }
  }
  expect(told).toBeGreaterThan(40);
});

test('a payment is split in four, the rest waits for more than a day, and a payee that was warmed is known before', () => {
  const plan = plans().find((one) => lossesOf(one).length > 0 && lossesOf(one).every(({ payee }) => payee !== 'cash'));
  if (plan === undefined) throw new Error('a script with payments');
  const [plain, split, wait, warm] = ADVERSARIES.map((how) => lossesOf(adversarial(plan, how)));
  expect(split?.length).toBeGreaterThan((plain?.length ?? 0) * 2);
  expect((wait?.[0]?.atMs ?? 0) - (plain?.[0]?.atMs ?? 0)).toBe(25 * HOUR);
  expect(warm?.[0]?.amtFen).toBeLessThanOrEqual(8_800);
  const again = warm?.find(({ payee, amtFen }) => payee === warm[0]?.payee && amtFen > 8_800);
  expect((again?.atMs ?? 0) - (warm?.[0]?.atMs ?? 0)).toBeGreaterThan(24 * HOUR);
});
