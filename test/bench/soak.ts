import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { countyOf, DAY_MS, engineOf } from './engine/county.ts';
import { memorySvg, type MemoryPoint } from './memory-svg.ts';

const USAGE = `pnpm --silent soak engine [--minutes 60] [--rate 30000] [--svg file]: folds at a rate and draws the memory over time

  A small county's days are folded again and again, each time later; what is older than every window is forgotten.`;
const LOOK_MS = 2_000;
const DAYS = 2;
/** Events held at most: reached early, so that the line must be flat from there on. */
const EVENTS_MAX = 400_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '30000' },
    svg: { type: 'string', default: 'soak.svg' },
  },
});
const [minutes, rate] = [Number(values.minutes), Number(values.rate)];
if (positionals[0] !== 'engine' || !(minutes > 0) || !(rate > 0)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}

const { references, events } = countyOf(1_000, DAYS);
const engine = engineOf(references, { eventsMax: EVENTS_MAX });
const points: MemoryPoint[] = [];
const startMs = performance.now();
let [folded, lookMs] = [0, 0];
for (let elapsedMs = 0; elapsedMs < minutes * 60_000; elapsedMs = performance.now() - startMs) {
  const due = Math.floor((elapsedMs * rate) / 1_000);
  // `ingest` forgets at the limit; no more than a second's worth at once, so that memory is looked at where the rate is not reached.
  for (const until = Math.min(due, folded + rate); folded < until && performance.now() - startMs < elapsedMs + LOOK_MS; folded++) {
    const round = Math.floor(folded / events.length);
    const event = events[folded % events.length];
    if (event !== undefined) engine.ingest([{ ...event, id: `${event.id}#${round}`, t: event.t + round * DAYS * DAY_MS }]);
  }
  if (elapsedMs >= lookMs) {
    const { rss, heapUsed } = process.memoryUsage();
    points.push({ minutes: elapsedMs / 60_000, rss, heapUsed, slabs: engine.bytes });
    lookMs = elapsedMs + LOOK_MS;
  }
  await sleep(folded < due ? 0 : 1);
}
const reached = folded / ((performance.now() - startMs) / 1_000);
writeFileSync(
  values.svg,
  memorySvg(
    points,
    `${Math.round(reached).toLocaleString('en-US')} events/s for ${minutes} min, ${EVENTS_MAX.toLocaleString('en-US')} events held at most`,
  ),
);
const last = points.at(-1);
process.stdout.write(
  `${folded.toLocaleString('en-US')} events, ${Math.round(reached)} events/s of ${rate}; ${Math.round((last?.rss ?? 0) / 1e6)} MB resident at the end; ${values.svg}\n`,
);
