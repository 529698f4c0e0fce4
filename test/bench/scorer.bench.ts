import { silentTelemetry } from '@skyeye/telemetry';
import { composeScoring } from '@skyeye/scorer';
import { countyOf } from './engine/county.ts';
import { percentile, type Benchmark } from './row.ts';

const RATE = 20_000;
const BATCH = 256;
const BATCH_MS = (BATCH / RATE) * 1_000;
/** Share of the batches that warm the code and fill the windows; they are not counted. */
const WARM = 1 / 3;

/**
 * From a batch of events to its assessments in one scorer's thread: engine, rules, model, level, reasons. A batch is due at
 * the rate; its time counts from then, so that waiting for the batch before it counts too. Sending is not in it.
 */
export const scorer: Benchmark = {
  name: 'scorer',
  says: 'events to assessments inside the scorer, in batches of 256',
  needs: [],
  async run({ seconds, row = () => undefined }) {
    const { references, events } = seconds < 1 ? countyOf(100, 2) : countyOf(3_000, 5, 200_000);
    const scoring = (await composeScoring({ telemetry: silentTelemetry(), adapter: 'wasm' }))();
    for (let from = 0; from < references.length; from += 200) scoring.engine.learn(references.slice(from, from + 200));
    const batches = Array.from({ length: Math.ceil(events.length / BATCH) }, (_, index) =>
      events.slice(index * BATCH, (index + 1) * BATCH),
    );
    const warm = Math.floor(batches.length * WARM);
    for (const batch of batches.slice(0, warm)) await scoring.fold(batch);
    const [dueMs, alone] = [[] as number[], [] as number[]];
    let [folded, said] = [0, 0];
    const startMs = performance.now();
    for (const [index, batch] of batches.slice(warm).entries()) {
      const due = startMs + index * BATCH_MS;
      while (performance.now() < due) await new Promise((resolve) => setImmediate(resolve));
      const beganMs = performance.now();
      if (beganMs - startMs > seconds * 1_000) break;
      said += (await scoring.fold(batch)).length;
      const endMs = performance.now();
      dueMs.push(endMs - due);
      alone.push(endMs - beganMs);
      folded += batch.length;
    }
    const tookMs = performance.now() - startMs;
    const rate = (folded * 1_000) / tookMs;
    const rows = [
      {
        name: `scorer: events folded and assessed a second (${said} said)`,
        value: rate,
        unit: 'events/s',
        ratio: null,
        aim: RATE * 0.95,
        less: false,
      },
      ...(['p50', 'p99'] as const).map((name) => ({
        name: `scorer: batch of ${BATCH} to its assessments, by itself, ${name}`,
        value: percentile(alone, name === 'p50' ? 0.5 : 0.99),
        unit: 'ms',
        ratio: null,
        aim: 20,
        less: true,
      })),
      {
        name: `scorer: batch of ${BATCH} from when it was due at 20,000 events/s, p99`,
        value: percentile(dueMs, 0.99),
        unit: 'ms',
        ratio: null,
        aim: 20,
        less: true,
      },
    ];
    for (const one of rows) row(one);
    return rows;
  },
};
