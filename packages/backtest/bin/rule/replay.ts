import { loadCatalogue, loadPolicies, loadRules, type Rule } from '@skyeye/catalogue';
import type { Level, RuleBacktest, StreamEvent } from '@skyeye/contracts';
import { createEngine, planOf } from '@skyeye/engine';
import { Detector, RuleBook, ruleSentence, type Cause } from '@skyeye/detection';
import { Alerts, type Alert } from '../../src/index.ts';

/** A moment at which the rule holds for a person who was not held a moment before. */
export interface Held {
  readonly t: number;
  readonly person: string;
  readonly level: Level;
  readonly says: { readonly zh: string; readonly en: string };
}

export interface Replayed {
  readonly numbers: Omit<RuleBacktest, 'eventsHash'>;
  readonly held: readonly Held[];
  /** Alerts without the rule, and with it. */
  readonly alerts: readonly [readonly Alert[], readonly Alert[]];
}

const TICK_MS = 30_000;
const BATCH = 256;
const DAY_MS = 86_400_000;
const ZONE_MS = 8 * 3_600_000;
const RANK: Readonly<Record<Level, number>> = { P1: 4, P2: 3, P3: 2, P4: 1 };
const HELD_MAX = 10_000;

/**
 * Replays events through the real engine, and the detector twice: with the release's rules, and with this one besides (in
 * place of its former version). The model is left out: what a rule does must be seen without it. Same numbers when run twice.
 */
export function replay(rule: Rule, events: readonly StreamEvent[], residents: number | null): Replayed {
  const others = loadRules().filter(({ id }) => id !== rule.id);
  const detector = (live: readonly Rule[]): Detector =>
    new Detector({
      catalogue: loadCatalogue(),
      policies: loadPolicies(),
      rules: new RuleBook({ live, shadow: [] }),
      versions: { model: 'none', engine: 'replay' },
    });
  const engine = createEngine({ plan: planOf(loadCatalogue()), holidays: { holidays: new Set(), workdays: new Set() }, scope: 'all' });
  const [without, having] = [detector(others), detector([rule, ...others])];
  const alerts = [new Alerts(), new Alerts()] as const;
  const levels = [new Map<string, number>(), new Map<string, number>()] as const;
  const perDay = new Map<number, Set<string>>();
  const persons = new Set<string>();
  const holding = new Set<string>();
  const held: Held[] = [];
  let tickedMs = 0;
  let batch: StreamEvent[] = [];
  const flush = (): void => {
    const causes = engine
      .ingest(batch)
      .flatMap(({ event, outcome, evaluations }) => (outcome === 'folded' ? [{ event, evaluations }] : []));
    batch = [];
    take(causes);
  };
  for (const event of events) {
    if (typeof event['person'] === 'string') persons.add(event['person']);
    const tickMs = Math.floor(event.t / TICK_MS) * TICK_MS;
    if (tickMs > tickedMs) {
      flush();
      tickedMs = tickMs;
      const evaluations = engine.tick(tickMs);
      if (evaluations.length > 0) take([{ event: null, evaluations }]);
    }
    if (batch.push(event) >= BATCH) flush();
  }
  flush();
  const raised = new Map<string, number>();
  for (const [name, level] of levels[1])
    if (level > (levels[0].get(name) ?? 0)) {
      const day = name.slice(0, name.indexOf(' '));
      raised.set(day, (raised.get(day) ?? 0) + 1);
    }
  const [first, last] = [events[0]?.t ?? 0, events.at(-1)?.t ?? 0];
  return {
    numbers: {
      events: events.length,
      persons: residents ?? Math.max(1, persons.size),
      days: dayOf(last) - dayOf(first) + 1,
      personsPerDayMax: Math.max(0, ...[...perDay.values()].map((all) => all.size)),
      raisedPerDayMax: Math.max(0, ...raised.values()),
    },
    held,
    alerts: [alerts[0].all, alerts[1].all],
  };

  function take(causes: readonly Cause[]): void {
    for (const [index, one] of [without, having].entries()) {
      const pendings = one.observe(causes);
      for (const { person, t, fired } of index === 1 ? pendings : []) {
        const found = fired.find((entry) => entry.rule.id === rule.id);
        if (found === undefined) {
          holding.delete(person);
          continue;
        }
        const day = dayOf(t);
        const known = perDay.get(day);
        if (known === undefined) perDay.set(day, new Set([person]));
        else known.add(person);
        if (!holding.has(person) && held.length < HELD_MAX) held.push({ t, person, level: found.level, says: ruleSentence(found) });
        holding.add(person);
      }
      for (const made of one.conclude(pendings, null)) {
        const { person, t, level } = made;
        alerts[index]?.take(made);
        const name = `${dayOf(t)} ${person}`;
        const of = levels[index];
        if (level !== null) of?.set(name, Math.max(of.get(name) ?? 0, RANK[level]));
      }
    }
  }
}

const dayOf = (t: number): number => Math.floor((t + ZONE_MS) / DAY_MS);
