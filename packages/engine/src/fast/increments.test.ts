import { loadCatalogue, officialHolidays } from '@skyeye/catalogue';
import { expect, test } from 'vitest';
import { FastEngine, planOf, type CheckpointMark, type CheckpointPart } from '../index.ts';
import { Chance, PROFILES, randomStream } from './testing/random-events.ts';

const options = { plan: planOf(loadCatalogue()), holidays: officialHolidays(), scope: 'residents' } as const;
const CASES = Number(process.env['SKYEYE_CASES'] ?? 8);

/** What a restart would get: the parts, gone through a copy as bytes would. */
function restored(parts: readonly CheckpointPart[]): FastEngine {
  const engine = new FastEngine(options);
  engine.restore(structuredClone(parts));
  return engine;
}

test('a checkpoint and those that add to it, made while events are folded, give the same answers for ever after', () => {
  for (let seed = 0; seed < CASES; seed++) {
    const chance = new Chance(seed);
    const { references, events } = randomStream(seed, 160, PROFILES[seed % PROFILES.length]);
    const known = [...references];
    const whole = new FastEngine({ ...options, partSize: 1 + chance.below(12) });
    whole.learn(known.splice(0, Math.floor(known.length / 2)));
    const rest = [...events];
    const someMore = (): void => {
      if (chance.below(3) === 0) whole.learn(known.splice(0, 1));
      whole.ingest(rest.splice(0, chance.below(4)));
    };
    const written: CheckpointPart[] = [];
    let mark: CheckpointMark | undefined;
    const increments = 1 + chance.below(4);
    for (let count = 0; count <= increments; count++) {
      const parts = whole.checkpoint(mark);
      let closing = false;
      for (let next = parts.next(); ; next = parts.next()) {
        if (next.done === true) {
          mark = next.value;
          break;
        }
        written.push(structuredClone(next.value));
        closing ||= next.value.kind === 'closing';
        if (!closing) someMore();
      }
      someMore();
      if (count === increments) break;
      for (let index = 0; index < 10; index++) someMore();
    }
    // What came behind the last mark comes again from the log.
    const [copy, straight] = [restored(written), whole];
    const again = straight.checkpoint(mark);
    for (const part of again) copy.take(structuredClone(part));
    expect(copy.stats()).toEqual(straight.stats());
    expect(written.filter((part) => part.kind === 'start').map((part) => part.full)).toEqual([true, ...Array(increments).fill(false)]);
    for (const event of rest) {
      expect(copy.peek(event)).toEqual(straight.peek(event));
      expect(copy.ingest([event])).toEqual(straight.ingest([event]));
    }
    straight.learn(known);
    copy.learn(known);
    const newest = events.reduce((ms, { t }) => Math.max(ms, t), 0);
    expect(copy.tick(newest)).toEqual(straight.tick(newest));
  }
}, 120_000);

test('a checkpoint during which old events are forgotten is given up, and the next one is complete', () => {
  const { references, events } = randomStream(3, 200);
  const engine = new FastEngine({ ...options, eventsMax: 60 });
  engine.learn(references);
  engine.ingest(events.slice(0, 50));
  const first = engine.checkpoint();
  let next = first.next();
  while (next.done !== true) next = first.next();
  const under = engine.checkpoint(next.value);
  expect(under.next().value).toMatchObject({ kind: 'start', full: false });
  engine.ingest(events.slice(50, 150));
  expect(() => [...under]).toThrow('old events were forgotten; the next one is complete');
  expect(engine.checkpoint(next.value).next().value).toMatchObject({ kind: 'start', full: true });
});
