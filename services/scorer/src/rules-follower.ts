import { loadRules, parseRule, type Rule } from '@skyeye/catalogue';
import { RULE_KEYS, ruleCounts, rulesInForce, type RuleCounts } from '@skyeye/contracts';
import type { RuleBook } from '@skyeye/detection';
import { SkyeyeError } from '@skyeye/foundation';
import { createLooker, type Store } from '@skyeye/store';
import type { Telemetry } from '@skyeye/telemetry';
import { logEvents, metricEntries } from './tables.ts';

/** The store is asked so often (wall), besides when it calls: a call that is lost costs two seconds. */
const LOOK_MS = 2_000;
/** Rules of the release, before the command centre has said what is in force. */
const RELEASE_SEQ = 0;

export interface RulesFollowerOptions {
  readonly store: Store;
  readonly book: RuleBook;
  readonly telemetry: Telemetry;
  /** County time, for the counts. */
  readonly nowMs: () => number;
  /** Wall ms between looks; two seconds by default. */
  readonly lookMs?: number;
}

export interface RulesFollower {
  /** Sequence of the set in force here. */
  readonly seq: () => number;
  stop(): Promise<void>;
}

/**
 * Keeps the rules of a running scorer as the command centre says, within seconds and without a restart, and writes back for how
 * many persons each held. A rule that this release cannot read is left out, logged and shown; the others are in force. While
 * the store is away what was in force stays.
 */
export async function followRules({ store, book, telemetry, nowMs, lookMs = LOOK_MS }: RulesFollowerOptions): Promise<RulesFollower> {
  const lines = telemetry.log(logEvents);
  const metrics = telemetry.metrics(metricEntries);
  let seq = RELEASE_SEQ;
  let written = '';
  /** Of a life before this one: its persons are not known any more, its numbers are. */
  let earlier: RuleCounts['rules'] = [];
  const heldTold = { live: book.held.live, shadow: book.held.shadow };

  async function take(): Promise<void> {
    const known = await store.get(RULE_KEYS.seq);
    if (known === undefined || Number(known) === seq) return;
    const text = await store.get(RULE_KEYS.inForce);
    if (text === undefined) return;
    const set = rulesInForce.parse(JSON.parse(text));
    const live: Rule[] = [];
    const shadow: Rule[] = [];
    const refused: string[] = [];
    for (const { id, state, entry } of set.rules) {
      try {
        (state === 'live' ? live : shadow).push(parseRule(entry));
      } catch (error) {
        if (!(error instanceof SkyeyeError)) throw error;
        refused.push(id);
        lines.RuleRefused({ rule: id }, error);
      }
    }
    book.replace({ live, shadow });
    seq = set.seq;
    lines.RulesReplaced({ seq, live: live.length, shadow: shadow.length });
    metrics.rules.set(live.length, { state: 'live' });
    metrics.rules.set(shadow.length, { state: 'shadow' });
    if (refused.length === 0) telemetry.health.remove('rules');
    else telemetry.health.set('rules', 'degraded', `not in force, this release cannot read them: ${refused.slice(0, 10).join(', ')}`);
  }

  async function tell(): Promise<void> {
    for (const state of ['live', 'shadow'] as const) {
      metrics.rulesHeld.add(book.held[state] - heldTold[state], { state });
      heldTold[state] = book.held[state];
    }
    const rules = book.counts().map((count) => withEarlier(count, earlier));
    const text = JSON.stringify({ seq, rules });
    if (text === written) return;
    await store.set(RULE_KEYS.counts, JSON.stringify({ seq, atMs: nowMs(), rules } satisfies RuleCounts));
    written = text;
  }

  const looker = createLooker({
    everyMs: lookMs,
    async look() {
      await take();
      await tell();
    },
    onFailed: (error) => lines.RulesNotRead({}, error),
  });

  book.replace({ live: loadRules(), shadow: [] });
  try {
    const before = await store.get(RULE_KEYS.counts);
    if (before !== undefined) earlier = ruleCounts.parse(JSON.parse(before)).rules;
  } catch (error) {
    lines.RulesNotRead({}, error);
  }
  await looker.look();
  const unsubscribe = await store.subscribe(RULE_KEYS.inForce, () => void looker.look());
  looker.start();
  return {
    seq: () => seq,
    async stop() {
      await looker.stop();
      await unsubscribe();
      await looker.look();
    },
  };
}

type Count = RuleCounts['rules'][number];

/** Of one day the larger number: after a restart the persons of the morning are not known, and must not be counted twice. */
function withEarlier(count: ReturnType<RuleBook['counts']>[number], earlier: readonly Count[]): Count {
  const before = earlier.find(({ id, version, state }) => id === count.id && version === count.version && state === count.state);
  if (before === undefined) return { ...count, days: [...count.days] };
  const days = new Map(before.days.map(({ day, persons }) => [day, persons]));
  for (const { day, persons } of count.days) days.set(day, Math.max(persons, days.get(day) ?? 0));
  return {
    ...count,
    times: before.times + count.times,
    days: [...days]
      .map(([day, persons]) => ({ day, persons }))
      .toSorted((a, b) => a.day - b.day)
      .slice(-8),
  };
}
