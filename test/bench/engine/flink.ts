import { notMeasured, timesRow, type Row } from '../row.ts';
import { compared, differs, foldPlain, seenBy } from './compared.ts';
import { runJava } from './java.ts';
import type { Part } from './part.ts';

const SAMPLE = 37;
const COMPARED = 2_000;
/** Of each run, however far it comes: with 80 features an event costs it so much that a whole run may take many minutes. */
const WARM_SECONDS = 15;
const MEASURED_SECONDS = 30;
const EVENTS = 30_000;
/** Flink opens its own parts of Java's library. */
const OPENS = ['java.base/java.util', 'java.base/java.lang', 'java.base/java.time'].flatMap((name) => [
  '--add-opens',
  `${name}=ALL-UNNAMED`,
]);

/** Flink SQL's OVER windows for the same features and events: a mini cluster in one process on two cores, state on the heap, no checkpoints. */
export const flink: Part = {
  name: 'flink',
  outside: true,
  async run(): Promise<readonly Row[]> {
    const { features, uniform, busy } = compared();
    const rows: Row[] = [];
    for (const [says, events] of [
      ['', seenBy(features, uniform).slice(0, EVENTS)],
      [', five keys have half of the events', seenBy(features, busy).slice(0, EVENTS)],
    ] as const) {
      const name = `engine: times Flink SQL 1.20 on two cores, ${features.length} features${says}`;
      try {
        const theirs = await runJava({
          tool: 'flink',
          version: '1.20.1',
          program: 'FlinkBench',
          features,
          events,
          arguments: [SAMPLE, COMPARED, WARM_SECONDS, MEASURED_SECONDS].map(String),
          java: ['-Xmx6g', ...OPENS],
        });
        const ours = foldPlain(events.slice(0, Math.max(theirs.measured, COMPARED)), SAMPLE);
        const { compared: agreed, difference } = differs(ours, theirs.values);
        rows.push(
          {
            name: `Flink SQL 1.20, ${features.length} features${says}, over ${theirs.measured.toLocaleString('en-US')} events`,
            value: theirs.rate,
            unit: 'events/s',
            ratio: theirs.rate / ours.perSecond,
            aim: 0,
            less: false,
          },
          { name: `engine: the same features${says}`, value: ours.perSecond, unit: 'events/s', ratio: null, aim: 0, less: false },
          difference === null
            ? timesRow(`${name}; ${agreed.toLocaleString('en-US')} values agree`, ours.perSecond / theirs.rate, 4)
            : notMeasured(name, '×', 4, `values differ: ${difference}`),
        );
      } catch (error) {
        rows.push(notMeasured(name, '×', 4, (error as Error).message));
      }
    }
    return rows;
  },
};
