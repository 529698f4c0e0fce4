import { notMeasured, timesRow, type Row } from '../row.ts';
import { compared, differs, foldPlain } from './compared.ts';
import { runJava } from './java.ts';
import type { Part } from './part.ts';

const SAMPLE = 97;
const EVENTS = 30_000;
const FROM = 0.5;

/** Esper's EPL for the same features and events, in one process, one thread. */
export const esper: Part = {
  name: 'esper',
  outside: true,
  async run(): Promise<readonly Row[]> {
    const { features, uniform } = compared();
    const events = uniform.slice(0, EVENTS);
    const rows: Row[] = [];
    for (const [count, aim] of [
      [features.length, 5],
      [20, 0],
    ] as const) {
      const some = features.slice(0, count);
      const name = `engine: times Esper 9.0, ${count} features`;
      try {
        const theirs = await runJava({
          tool: 'esper',
          version: '9.0.0',
          program: 'EsperBench',
          features: some,
          events,
          arguments: [String(SAMPLE), String(FROM)],
          java: ['-Xmx6g'],
        });
        const ours = foldPlain(events, SAMPLE, Math.floor(events.length * FROM), count);
        const { compared: agreed, difference } = differs(ours, theirs.values);
        rows.push(
          {
            name: `Esper 9.0, ${count} features`,
            value: theirs.rate,
            unit: 'events/s',
            ratio: theirs.rate / ours.perSecond,
            aim: 0,
            less: false,
          },
          { name: `engine: the same ${count}`, value: ours.perSecond, unit: 'events/s', ratio: null, aim: 0, less: false },
          difference === null
            ? timesRow(`${name}; ${agreed.toLocaleString('en-US')} values agree`, ours.perSecond / theirs.rate, aim)
            : notMeasured(name, '×', aim, `values differ: ${difference}`),
        );
        if (count === features.length)
          rows.push(
            {
              name: `Esper 9.0, ${count} features: heap per key`,
              value: theirs.bytes / ours.keys,
              unit: 'B',
              ratio: null,
              aim: 0,
              less: false,
            },
            {
              name: `engine: the same ${count}: held per key`,
              value: ours.bytes / ours.keys,
              unit: 'B',
              ratio: null,
              aim: 700,
              less: true,
            },
            timesRow(`engine: memory of Esper's, ${count} features`, ours.bytes / theirs.bytes, 0.05, true),
          );
      } catch (error) {
        rows.push(notMeasured(name, '×', aim, (error as Error).message));
      }
    }
    return rows;
  },
};
