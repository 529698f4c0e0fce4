import { readFileSync } from 'node:fs';
import { loadCatalogue, officialHolidays } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import { needsOf } from '@skyeye/language';
import { expect, test } from 'vitest';
import { createEngine, planOf, type CheckpointPart, type Evaluation, type LiveEngine } from './index.ts';
import { Texts } from './fast/texts.ts';
import { Chance, PROFILES, randomStream } from './fast/testing/random-events.ts';
import { ENTITY_OF, keyOf } from './scope.ts';
import { GOLDEN_SETS, goldenFrom } from './testing/golden.ts';

const { goldenEvents, goldenOptions } = goldenFrom((name) =>
  readFileSync(new URL(`../../testkit/golden/${name}`, import.meta.url), 'utf8'),
);

const plan = planOf(loadCatalogue());
const KEY_TYPES = Object.keys(ENTITY_OF);

const keysOf = (events: readonly StreamEvent[]): [keyType: string, key: string][] => {
  const keys = new Map<string, [string, string]>();
  for (const event of events)
    for (const keyType of KEY_TYPES) {
      const key = keyOf(event, keyType);
      if (key !== null) keys.set(`${keyType} ${key}`, [keyType, key]);
    }
  return [...keys.values()];
};

/** As bytes would: a copy of what was exported. */
const move = (from: LiveEngine, to: LiveEngine, keyType: string, key: string): void =>
  to.importEntity(structuredClone([...from.exportEntity(keyType, key)]));

test.each(GOLDEN_SETS)(
  'keys of %s that move between engines at random points have the values of an engine that kept them',
  (set) => {
    const chance = new Chance(GOLDEN_SETS.indexOf(set) + 1);
    const options = { plan, ...goldenOptions(set) };
    const events = goldenEvents(set);
    const whole = createEngine(options);
    let here = createEngine(options);
    const moves = new Set([1, 2, 3].map(() => chance.below(events.length)));
    for (const [index, event] of events.entries()) {
      if (moves.has(index)) {
        const there = createEngine(options);
        for (const [keyType, key] of keysOf(events.slice(0, index))) move(here, there, keyType, key);
        here = there;
      }
      expect(here.ingest([event])[0]?.evaluations).toEqual(whole.ingest([event])[0]?.evaluations);
    }
  },
  60_000,
);

test('one key moves: what looks at that key alone is the same; importing again changes nothing; duplicates are known', () => {
  const alone = new Set(plan.features.filter(({ formula }) => !needsOf(formula).crossKey).map(({ id }) => id));
  for (let seed = 0; seed < 4; seed++) {
    const { references, events } = randomStream(seed, 120, PROFILES[seed % PROFILES.length]);
    const options = { plan, holidays: officialHolidays(), scope: 'all' } as const;
    const [from, to] = [createEngine(options), createEngine(options)];
    from.learn(references);
    const half = events.slice(0, 80);
    from.ingest(half);
    const [keyType, key] = keysOf(half).find(([type]) => type === (['person', 'phone', 'acct', 'pair_aa'][seed] ?? '')) ?? ['', ''];
    to.learn(references);
    move(from, to, keyType, key);
    const once = to.stats();
    move(from, to, keyType, key);
    expect(to.stats()).toEqual(once);
    const own = half.filter((event) => keyOf(event, keyType) === key);
    expect(to.ingest(own).map(({ outcome }) => outcome)).toEqual(own.map(() => 'duplicate'));
    const of = (evaluations: readonly Evaluation[] | undefined): readonly Evaluation[] =>
      (evaluations ?? []).filter((one) => one.keyType === keyType && one.key === key && alone.has(one.feature));
    for (const event of events.slice(80)) {
      // The stamps say something of the other side, too, so the question brings its own.
      const wanted = from.peek(from.peek(event).event);
      const found = to.peek(wanted.event);
      expect(of(found.evaluations)).toEqual(of(wanted.evaluations));
    }
  }
}, 240_000);

const run = (steps: Iterable<void>, between: () => void = () => undefined): number => {
  let count = 0;
  for (const _ of steps) {
    count += 1;
    between();
  }
  return count;
};

test.each<[keyType: 'person' | 'phone' | 'acct', seed: number]>([
  ['person', 1],
  ['phone', 2],
  ['acct', 4],
])(
  'of an erased %s there is no trace in the state, in the checkpoint and in the dictionary, and others keep theirs',
  (keyType, seed) => {
    const { references, events } = randomStream(seed, 160, PROFILES[seed % PROFILES.length]);
    const options = { plan, holidays: officialHolidays(), scope: 'all', partSize: 20 } as const;
    const engine = createEngine(options);
    engine.learn(references);
    const rest = events.slice(120);
    // The one that most events are about, by their stamps.
    const tally = new Map<string, number>();
    for (const { event } of engine.ingest(events.slice(0, 120))) {
      const name = keyOf(event, keyType);
      if (name !== null) tally.set(name, (tally.get(name) ?? 0) + 1);
    }
    const key = [...tally].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
    expect(key).not.toBe('');
    const others = rest.filter((event) => !Object.values(event).includes(key));
    let added = 0;
    const steps = run(engine.forget([{ keyType, key }]), () => {
      const event = others[added];
      if (event !== undefined) engine.ingest([event]);
      added += 1;
    });
    expect(steps).toBeGreaterThan(5);
    const parts = [...engine.checkpoint()];
    const texts = new Set<string>();
    for (const part of parts) {
      if (part.kind !== 'texts') continue;
      const { starts, words } = part.texts;
      const held = new Texts();
      for (let index = 0; index + 1 < starts.length; index++)
        texts.add(held.text(held.push(words, starts[index] ?? 0, (starts[index + 1] ?? 0) - (starts[index] ?? 0))));
    }
    expect(texts.has('bank')).toBe(true);
    JSON.stringify(parts, (name, value: unknown) => {
      if (typeof value === 'string' && name !== 'id') for (const side of value.split('\u0000')) texts.add(side);
      return value;
    });
    expect(texts.has(key)).toBe(false);
    expect(texts.has(`p:${key}`)).toBe(false);
    expect([...engine.exportEntity(keyType, key)].flatMap((part) => ('events' in part ? part.events : []))).toEqual([]);
    expect(engine.stats().events).toBeLessThan(120 + Math.min(added, others.length));
    // A key comes back as one that nothing is known of.
    const again = createEngine(options);
    again.restore(structuredClone(parts) as CheckpointPart[]);
    for (const event of others.slice(added)) expect(engine.ingest([event])).toEqual(again.ingest([event]));
  },
  60_000,
);

test('what was another one stays another one: the number of different payees does not change when one of them is erased', () => {
  const options = { plan, ...goldenOptions('svc') };
  const engine = createEngine(options);
  const events = goldenEvents('svc');
  const transfers = events.filter((event) => event.stream === 'bank' && event['person'] === 'V' && event['dir'] === 'out');
  engine.ingest(events);
  const payee = String(transfers.at(-1)?.['peer']);
  const question = { ...(transfers.at(-1) as StreamEvent), id: 'S09:question', t: (events.at(-1)?.t ?? 0) + 1, peer: 'SOMEBODY' };
  const distinct = new Set(
    loadCatalogue()
      .features.filter(({ formula }) => /^distinct\(fund\[dir=out[^@]*\.peer/.test(formula))
      .map(({ id }) => id),
  );
  const counts = (): readonly unknown[] =>
    engine
      .peek(question)
      .evaluations.filter(({ feature, key }) => distinct.has(feature) && key === 'V')
      .map(({ value }) => value);
  const before = counts();
  expect(before.length).toBeGreaterThan(0);
  run(engine.forget([{ keyType: 'acct', key: payee }]));
  expect(counts()).toEqual(before);
});

test('one change of the whole state at a time', () => {
  const engine = createEngine({ plan, ...goldenOptions('svc') });
  const first = engine.forget([{ keyType: 'person', key: 'V' }]);
  first.next();
  expect(() => [...engine.adopt(plan)]).toThrow('one change at a time');
  first.return(undefined);
  expect(run(engine.adopt(plan))).toBeGreaterThan(0);
});

test('a checkpoint under way is given up when the state is replaced, and the next one is complete', () => {
  const engine = createEngine({ plan, ...goldenOptions('svc') });
  engine.ingest(goldenEvents('svc').slice(0, 100));
  const parts = engine.checkpoint();
  for (let next = parts.next(); next.done !== true && next.value.kind !== 'closing'; next = parts.next());
  run(engine.forget([{ keyType: 'person', key: 'V' }]));
  expect(() => parts.next()).toThrow('the state was replaced');
  expect(engine.checkpoint().next().value).toMatchObject({ full: true });
});
