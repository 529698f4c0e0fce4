import { BAR_KEY, BAR_MOVES_KEPT, barSeen, type BarSeen } from '@skyeye/contracts';
import { silentTelemetry } from '@skyeye/telemetry';
import { expect, test } from 'vitest';
import { tellBar } from './bar-teller.ts';

const kept = new Map<string, string>();
const store = {
  get: (key: string) => Promise.resolve(kept.get(key)),
  set: (key: string, value: string) => Promise.resolve(kept.set(key, value).has(key)),
};
const said = (): BarSeen => barSeen.parse(JSON.parse(kept.get(BAR_KEY) ?? ''));

test('where the bar stands and how it moved is told, survives a restart, and is bounded', async () => {
  let detector = { bar: { barFen: 0, candidates: 0, floor: 0 }, visitsPerDay: 15 };
  let nowMs = 1_000;
  const open = () => tellBar({ store, detector: () => detector, telemetry: silentTelemetry(), nowMs: () => nowMs, lookMs: 3_600_000 });
  const first = await open();
  expect(said()).toEqual({ atMs: 1_000, visitsPerDay: 15, barFen: 0, candidates: 0, floor: 0, moves: [] });
  detector = { bar: { barFen: 700, candidates: 40, floor: 2 }, visitsPerDay: 15 };
  nowMs = 2_000;
  await first.look();
  await first.stop();
  expect(said().moves).toEqual([{ atMs: 2_000, fromFen: 0, barFen: 700, candidates: 40, floor: 2 }]);
  const second = await open();
  expect(said().moves).toHaveLength(1);
  for (let step = 1; step <= BAR_MOVES_KEPT; step++) {
    detector = { bar: { barFen: 700 + step, candidates: 40, floor: 2 }, visitsPerDay: 15 };
    await second.look();
  }
  await second.stop();
  expect(said().moves).toHaveLength(BAR_MOVES_KEPT);
  expect(said().moves[0]).toMatchObject({ fromFen: 699 + BAR_MOVES_KEPT, barFen: 700 + BAR_MOVES_KEPT });
});
