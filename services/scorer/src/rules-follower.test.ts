import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadRules, ruleEntry } from '@skyeye/catalogue';
import { RULE_KEYS, ruleCounts } from '@skyeye/contracts';
import { RuleBook } from '@skyeye/detection';
import { createMemoryStore, type Store } from '@skyeye/store';
import { silentTelemetry } from '@skyeye/telemetry';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followRules, type RulesFollower } from './rules-follower.ts';

const T = Date.UTC(2026, 8, 16, 2);
const [first, second] = loadRules();
const entryOf = (rule: object | undefined) => Object.fromEntries(Object.entries(rule ?? {}).filter(([key]) => key in ruleEntry.shape));

let folder: string;
let store: Store;
let other: Store;
let follower: RulesFollower | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyeye-rules-'));
  // The command centre's side is another store of the same folder, as in another thread.
  store = createMemoryStore({ folder, telemetry: silentTelemetry() });
  other = createMemoryStore({ folder, telemetry: silentTelemetry() });
});
afterEach(async () => {
  await follower?.stop();
  await store.close();
  await other.close();
  await rm(folder, { recursive: true, force: true });
});

const follow = async (book: RuleBook, lookMs: number): Promise<void> => {
  follower = await followRules({ store, book, telemetry: silentTelemetry(), nowMs: () => T, lookMs });
};
async function put(seq: number, rules: readonly object[], call: boolean): Promise<void> {
  await other.set(RULE_KEYS.inForce, JSON.stringify({ seq, rules }));
  await other.set(RULE_KEYS.seq, String(seq));
  if (call) await other.publish(RULE_KEYS.inForce, String(seq));
}
const listed = (rule: typeof first, state: string, entry: unknown = entryOf(rule)) => ({
  id: rule?.id,
  version: rule?.version,
  state,
  entry,
});
async function until(holds: () => boolean): Promise<number> {
  const startMs = performance.now();
  while (!holds()) {
    if (performance.now() - startMs > 5_000) throw new Error('not within five seconds');
    await sleep(5);
  }
  return performance.now() - startMs;
}
const states = (book: RuleBook): string[] => book.counts().map(({ id, state }) => `${id} ${state}`);

test('before anybody has said what is in force, the rules of the release are', async () => {
  const book = new RuleBook();
  await follow(book, 60_000);
  expect(book.counts()).toHaveLength(loadRules().length);
});

test('another set is in force within five seconds, called or not, and without a restart', async () => {
  const book = new RuleBook();
  await follow(book, 100);
  await put(7, [listed(first, 'live')], true);
  await until(() => follower?.seq() === 7);
  expect(states(book)).toEqual([`${first?.id} live`]);
  await put(8, [listed(first, 'shadow'), listed(second, 'live')], false);
  await until(() => follower?.seq() === 8);
  expect(states(book).toSorted()).toEqual([`${first?.id} shadow`, `${second?.id} live`].toSorted());
});

test('a rule that this release cannot read is left out, and the others are in force', async () => {
  const book = new RuleBook();
  await put(3, [listed(first, 'live', { ...entryOf(first), when: 'a_feature_of_next_year' }), listed(second, 'live')], false);
  await follow(book, 60_000);
  expect(states(book)).toEqual([`${second?.id} live`]);
});

test('what was counted goes back, with the sequence, and survives a restart of the scorer', async () => {
  await put(5, [listed(first, 'shadow')], false);
  const before = { id: first?.id, version: first?.version, state: 'shadow', times: 9, days: [{ day: 20_000, persons: 4 }] };
  await other.set(RULE_KEYS.counts, JSON.stringify({ seq: 5, atMs: T, rules: [before] }));
  await follow(new RuleBook(), 60_000);
  await follower?.stop();
  follower = undefined;
  expect(ruleCounts.parse(JSON.parse((await other.get(RULE_KEYS.counts)) ?? ''))).toEqual({ seq: 5, atMs: T, rules: [before] });
});
