import { setTimeout as sleep } from 'node:timers/promises';
import { TOPICS } from '@skyeye/contracts';
import { COUNTY_START_MS, REFERENCE_TOPIC, simulateBatch } from '@skyeye/simulator';
import type { OutgoingMessage, Producer } from '@skyeye/stream';
import { serviceBed, type ServiceProcess } from '../lib/service-bed.ts';
import { until } from '../lib/county.ts';
import { parsesPerSecond } from './parse-only.ts';
import { countOf, counter, histogram, quantile, since } from './prometheus.ts';
import { timeRow, type Benchmark, type Row } from './row.ts';

/** A short run takes a small county. */
const [RESIDENTS, RESIDENTS_SHORT] = [2_000, 300];
/** Raw records of one send, and of the measurement that only wants to know how many go through. */
const SEND_MAX = 1_000;
const RECORDS_MAX = 60_000;
/** Share of the greatest rate at which the latency is measured: a system at its limit has a queue, not a latency. */
const PACE = 0.5;
const PACE_EVERY_MS = 50;
const QUIET_MS = 2_000;
const LIMIT_MS = 240_000;

interface Raw extends OutgoingMessage {
  readonly topic: string;
}

const sendAll = async (producer: Producer, records: readonly Raw[]): Promise<void> => {
  const byTopic = Map.groupBy(records, ({ topic }) => topic);
  await Promise.all([...byTopic].map(([topic, list]) => producer.send(topic, list)));
};
const eventsOf = async (scorer: ServiceProcess): Promise<number> => counter((await scorer.get('/metrics')).text, 'scorer_events_total');

/** Waits until the scorer takes nothing more. @returns events it has taken, and when it took the last one */
async function quiet(scorer: ServiceProcess): Promise<{ readonly events: number; readonly atMs: number }> {
  let [events, atMs] = [await eventsOf(scorer), performance.now()];
  await until(
    'the end of the backlog',
    LIMIT_MS,
    async () => {
      const now = await eventsOf(scorer);
      if (now !== events) [events, atMs] = [now, performance.now()];
      return performance.now() - atMs > QUIET_MS ? true : undefined;
    },
    50,
  );
  return { events, atMs };
}

export const cluster: Benchmark = {
  name: 'cluster',
  says: 'one scorer and ingest as processes on Kafka, Redis and PostgreSQL of this machine: raw records in, assessments out',
  needs: ['kafka', 'redis', 'postgres'],
  async run({ seconds }): Promise<readonly Row[]> {
    const parses = parsesPerSecond();
    const bed = await serviceBed();
    try {
      const [scorer, ingest] = [bed.start('scorer'), bed.start('ingest')];
      await Promise.all([scorer.ready(), ingest.ready()]);
      const producer = bed.log.producer();
      await producer.send(TOPICS.clock.name, [
        { key: 'county', value: JSON.stringify({ countyMs: COUNTY_START_MS, wallMs: Date.now(), speed: 1 }) },
      ]);
      const past: Raw[] = [];
      const live: Raw[] = [];
      for (const { topic, key, record } of simulateBatch({ seed: 4711, days: 2, residents: seconds < 1 ? RESIDENTS_SHORT : RESIDENTS })) {
        (topic === REFERENCE_TOPIC ? past : live).push({ topic, key, value: JSON.stringify(record) });
        if (live.length >= RECORDS_MAX) break;
      }
      for (let at = 0; at < past.length; at += SEND_MAX) await sendAll(producer, past.slice(at, at + SEND_MAX));
      await until('the register and the past', LIMIT_MS, async () =>
        (await bed.log.admin.lag('ingest-reference', [REFERENCE_TOPIC])).every(({ lag }) => lag === 0) ? true : undefined,
      );
      const before = (await quiet(scorer)).events;

      const half = live.slice(0, Math.floor(live.length / 2));
      const startedMs = performance.now();
      for (let at = 0; at < half.length; at += SEND_MAX) await sendAll(producer, half.slice(at, at + SEND_MAX));
      const { events, atMs } = await quiet(scorer);
      const perSecond = (events - before) / ((atMs - startedMs) / 1_000);

      const alertsBefore = histogram((await scorer.get('/metrics')).text, 'scorer_record_to_assessment_ms');
      const rest = live.slice(half.length);
      const recordsPerMs = (half.length / (atMs - startedMs)) * PACE;
      const fromMs = performance.now();
      for (let sent = 0; sent < rest.length && performance.now() - fromMs < Math.max(1, seconds) * 1_000;) {
        const due = Math.min(rest.length, Math.ceil((performance.now() - fromMs + PACE_EVERY_MS) * recordsPerMs));
        if (due > sent) await sendAll(producer, rest.slice(sent, due));
        sent = Math.max(sent, due);
        await sleep(PACE_EVERY_MS);
      }
      await quiet(scorer);
      const alerts = since(alertsBefore, histogram((await scorer.get('/metrics')).text, 'scorer_record_to_assessment_ms'));
      const pace = `at ${PACE * 100} % of that, ${countOf(alerts)} assessments`;
      await producer.close();
      return [
        {
          name: 'cluster: raw records in, events scored',
          value: perSecond,
          unit: 'events/s',
          ratio: perSecond / parses,
          aim: 10_000,
          less: false,
        },
        // Nothing observed is not a latency of nothing.
        ...(countOf(alerts) === 0
          ? []
          : [
              timeRow(`cluster: record taken to assessment out, p50 ${pace}`, quantile(alerts, 0.5), 'ms', 1_000, parses),
              timeRow(`cluster: record taken to assessment out, p99 ${pace}`, quantile(alerts, 0.99), 'ms', 1_000, parses),
            ]),
      ];
    } finally {
      await bed.end();
    }
  },
};
