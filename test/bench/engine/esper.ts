import { notMeasured, timesRow, type Row } from '../row.ts';
import { compared, comparedMonth, differs, foldPlain, seenBy } from './compared.ts';
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
    const rows: Row[] = [];
    for (const { count, aim, month } of [
      { count: features.length, aim: 5, month: false },
      { count: 20, aim: 0, month: false },
      { count: features.length, aim: 5, month: true },
    ]) {
      const some = features.slice(0, count);
      const events = month ? seenBy(some, comparedMonth()) : seenBy(some, uniform).slice(0, EVENTS);
      const over = `${count} features${month ? ', a month of few people' : ''}`;
      const name = `engine: times Esper 9.0, ${over}`;
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
          { name: `Esper 9.0, ${over}`, value: theirs.rate, unit: 'events/s', ratio: theirs.rate / ours.perSecond, aim: 0, less: false },
          { name: `engine: the same ${over}`, value: ours.perSecond, unit: 'events/s', ratio: null, aim: 0, less: false },
          difference === null
            ? timesRow(`${name}; ${agreed.toLocaleString('en-US')} values agree`, ours.perSecond / theirs.rate, aim)
            : notMeasured(name, '×', aim, `values differ: ${difference}`),
        );
        if (month)
          rows.push(
            {
              name: `Esper 9.0: heap per key after a month (${events.length.toLocaleString('en-US')} events, ${ours.keys.toLocaleString('en-US')} keys)`,
              value: theirs.bytes / ours.keys,
              unit: 'B',
              ratio: null,
              aim: 0,
              less: false,
            },
            { name: 'engine: the same held per key', value: ours.bytes / ours.keys, unit: 'B', ratio: null, aim: 700, less: true },
            timesRow(`engine: memory of Esper's, ${count} features, a month`, ours.bytes / theirs.bytes, 0.05, true),
          );
      } catch (error) {
        rows.push(notMeasured(name, '×', aim, (error as Error).message));
      }
    }
    return rows;
  },
};
