import { loadCatalogue, officialHolidays } from '@skyeye/catalogue';
import { rawReference, SOURCES, type Reference, type StreamEvent, type StreamName } from '@skyeye/contracts';
import { HistoryEngine, planOf } from '@skyeye/engine';
import { simulateBatch } from '@skyeye/simulator';
import type { Benchmark, Row } from './row.ts';

const RESIDENTS = 400;
/** Events of one pass, as the JSON lines that a scorer reads. */
const EVENTS_MAX = 8_000;

/** A day of a small county, already normalised; tokens are not the engine's business, so identifiers stay as they are. */
function countyDay(): { references: Reference[]; lines: string[] } {
  const references: Reference[] = [];
  const lines: string[] = [];
  for (const { topic, record } of simulateBatch({ seed: 4711, days: 1, residents: RESIDENTS })) {
    if (topic === 'raw.reference') {
      const parsed = rawReference.parse(record);
      if (parsed.kind !== 'history') {
        references.push(parsed as Reference);
        continue;
      }
      const source = SOURCES[parsed.stream];
      source.normalise(source.raw.parse(parsed.record)).forEach((event, side) => references.push({ kind: 'history', id: `${parsed.id}:${side}`, event }));
      continue;
    }
    const source = SOURCES[topic.slice('raw.'.length) as StreamName];
    for (const event of source.normalise(source.raw.parse(record))) lines.push(JSON.stringify(event));
    if (lines.length >= EVENTS_MAX) break;
  }
  return { references, lines };
}

export const engine: Benchmark = {
  name: 'engine',
  says: 'whole catalogue in process, one core: JSON text in, vector of every triggered feature out',
  run({ seconds }): Promise<readonly Row[]> {
    const { references, lines } = countyDay();
    const plan = planOf(loadCatalogue());
    const parse = (): number => {
      let sum = 0;
      for (const line of lines) sum += (JSON.parse(line) as StreamEvent).t % 7;
      return sum;
    };
    let values = 0;
    let bytesPerKey = 0;
    const fold = (): void => {
      const before = process.memoryUsage().heapUsed;
      const subject = new HistoryEngine({ plan, holidays: officialHolidays() });
      subject.learn(references);
      const startedMs = performance.now();
      for (const line of lines) values += subject.ingest([JSON.parse(line) as StreamEvent])[0]?.evaluations.length ?? 0;
      foldMs += performance.now() - startedMs;
      bytesPerKey = Math.max(0, process.memoryUsage().heapUsed - before) / subject.stats().keys;
    };
    let foldMs = 0;
    let folds = 0;
    let parseMs = 0;
    let parses = 0;
    parse();
    const endMs = performance.now() + seconds * 1000;
    // In turns, so that a noisy neighbour disturbs both.
    do {
      fold();
      folds++;
      const startedMs = performance.now();
      for (let turn = 0; turn < 20; turn++) parse();
      parseMs += performance.now() - startedMs;
      parses += 20;
    } while (performance.now() < endMs);
    const perSecond = (lines.length * folds) / (foldMs / 1000);
    const parseOnly = (lines.length * parses) / (parseMs / 1000);
    return Promise.resolve([
      { name: 'engine: JSON in, vector out, one core', value: perSecond, unit: 'events/s', ratio: perSecond / parseOnly, aim: 100_000, less: false },
      { name: 'engine: share of the same loop that only parses', value: perSecond / parseOnly, unit: '', ratio: perSecond / parseOnly, aim: 0.4, less: false },
      { name: 'engine: feature values', value: values / (foldMs / 1000), unit: 'values/s', ratio: null, aim: 0, less: false },
      { name: 'engine: memory of a key, county mix', value: bytesPerKey, unit: 'B', ratio: null, aim: 700, less: true },
    ]);
  },
};
