import { TOPICS } from '@skyeye/contracts';
import { handlingOf, type Clock } from '@skyeye/foundation';
import { setServiceNumber, type Explore, type Ledger } from '@skyeye/ledger';
import type { Places } from '@skyeye/response';
import type { Consumer, Log, Producer } from '@skyeye/stream';
import type { Telemetry } from '@skyeye/telemetry';
import { tidy, turnClocks } from './clock-loop.ts';
import { quarantined, takeAssessments, takeReference, takeSubjects, type Outcome } from './intake.ts';
import { turnOutbox, type PushSender } from './push.ts';
import { logEvents, metricEntries } from './tables.ts';

export interface DispatcherDeps {
  readonly log: Log;
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  /** County time. */
  readonly clock: Clock;
  readonly wallNowMs: () => number;
  /** A Geo of packages/geo. */
  readonly places: Places;
  /** Seals the bytes of a message for quarantine; the vault's. */
  readonly seal: (bytes: Uint8Array, id: string) => string;
  /** Draws cases below the bar that are visited to learn; null: nobody is. */
  readonly explore?: Explore | null;
  /** Null where there is no key for Web Push: the live stream alone carries pushes. */
  readonly push: PushSender | null;
  /** Wall time between two turns of the clocks and the outbox. Default 250. */
  readonly turnEveryMs?: number;
}

export interface Dispatcher {
  start(): Promise<void>;
  /** Finishes the batches and the turn under way; what is left comes again at the next start. */
  stop(deadlineMs: number): Promise<void>;
  /** Rejects when a consumer crashed or a turn hit a bug; never resolves. */
  readonly failed: Promise<never>;
}

const GROUP = 'dispatcher';
const TIDY_EVERY_MS = 600_000;
const NUMBERS_EVERY_MS = 5_000;
const LATENCIES_MAX = 1_000;

/** Assessments to incidents, tiers, clocks and pushes. All its state is in the ledger. */
export function app(deps: DispatcherDeps): Dispatcher {
  const { log, ledger, telemetry, clock, wallNowMs, places, push, turnEveryMs = 250 } = deps;
  const lines = telemetry.log(logEvents);
  const metrics = telemetry.metrics(metricEntries);
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const latenciesMs: number[] = [];
  let consumers: readonly Consumer[] = [];
  let producer: Producer | undefined;
  let timer: NodeJS.Timeout | undefined;
  let turning: Promise<void> = Promise.resolve();
  let stopped = false;
  let tidiedMs = wallNowMs();
  let countedMs = 0;

  const note = ({ assessment, kind, incidentId, level }: Outcome): void => {
    metrics.assessments.add(1, { outcome: kind });
    if (kind === 'open') lines.IncidentOpened({ incidentId, level });
    if (assessment.ingestedAtMs === null || kind === 'ignore' || kind === 'replayed') return;
    const tookMs = Math.max(0, wallNowMs() - assessment.ingestedAtMs);
    metrics.latencyMs.observe(tookMs);
    latenciesMs.push(tookMs);
    if (latenciesMs.length > LATENCIES_MAX) latenciesMs.shift();
  };

  const turn = async (): Promise<void> => {
    const nowMs = clock.nowMs();
    const { clocks, holds } = await turnClocks(ledger, places, nowMs);
    for (const { step } of clocks) metrics.clocks.add(1, { step: step as 'sign' });
    if (clocks.length > 0) lines.ClocksRunOut({ clocks: clocks.length });
    if (holds > 0) {
      metrics.holds.add(holds);
      lines.HoldsEnded({ holds });
    }
    for (const outcome of await turnOutbox(ledger, push, wallNowMs)) {
      metrics.pushes.add(1, { outcome });
      if (outcome === 'abandoned') lines.PushAbandoned();
    }
    if (wallNowMs() - countedMs >= NUMBERS_EVERY_MS && latenciesMs.length > 0) {
      countedMs = wallNowMs();
      const sorted = latenciesMs.toSorted((a, b) => a - b);
      await setServiceNumber(ledger, GROUP, 'latency_ms_p50', sorted[Math.floor((sorted.length - 1) / 2)] ?? 0);
    }
    if (wallNowMs() - tidiedMs >= TIDY_EVERY_MS) {
      tidiedMs = wallNowMs();
      await tidy(ledger, nowMs, tidiedMs);
    }
    telemetry.health.set('clocks', 'ok');
  };
  /** One turn after another: a slow one delays the next instead of running beside it. */
  const loop = (): void => {
    if (stopped) return;
    turning = turn()
      .catch((error: unknown) => {
        if (handlingOf(error) === 'crash') {
          telemetry.health.set('clocks', 'failed', error instanceof Error ? error.message : String(error));
          failure.reject(error);
          return;
        }
        telemetry.health.set('clocks', 'degraded', error instanceof Error ? error.message : String(error));
        lines.LoopFailed({}, error);
      })
      .finally(() => {
        if (!stopped) timer = setTimeout(loop, turnEveryMs);
      });
  };

  return {
    failed: failure.promise,
    async start() {
      await log.createTopics(
        [TOPICS.assessments, TOPICS.subjects, TOPICS.reference, TOPICS.quarantine].map(({ name, partitions }) => ({ name, partitions })),
      );
      const out = (producer = log.producer());
      const onPoison = async (poisoned: Parameters<typeof quarantined>[0], error: unknown): Promise<void> => {
        const { topic, message } = quarantined(poisoned, error, deps.seal, clock.nowMs());
        await out.send(topic, [message]);
      };
      consumers = await Promise.all([
        log.consumer({
          group: GROUP,
          topics: [TOPICS.assessments.name],
          from: 'committed',
          maxBatch: 200,
          onPoison,
          async onBatch(batch) {
            const startedMs = performance.now();
            for (const outcome of await takeAssessments(ledger, places, batch, {
              nowMs: () => clock.nowMs(),
              explore: deps.explore ?? null,
            }))
              note(outcome);
            metrics.batchMs.observe(performance.now() - startedMs);
          },
        }),
        log.consumer({
          group: `${GROUP}-subjects`,
          topics: [TOPICS.subjects.name],
          from: 'committed',
          maxBatch: 200,
          onPoison,
          async onBatch(batch) {
            metrics.subjects.add(await takeSubjects(ledger, batch));
          },
        }),
        // A consumer of its own, so that a first day's import does not stand before alerts.
        log.consumer({
          group: `${GROUP}-reference`,
          topics: [TOPICS.reference.name],
          from: 'committed',
          maxBatch: 2_000,
          onPoison,
          async onBatch(batch) {
            metrics.references.add(await takeReference(ledger, batch));
          },
        }),
      ]);
      for (const consumer of consumers) consumer.finished.catch((error: unknown) => failure.reject(error));
      loop();
      telemetry.health.ready(true);
    },
    async stop(deadlineMs) {
      stopped = true;
      clearTimeout(timer);
      telemetry.health.ready(false);
      const work = (async () => {
        await Promise.all(consumers.map((consumer) => consumer.close()));
        await turning;
        await producer?.close();
      })();
      let late: NodeJS.Timeout | undefined;
      await Promise.race([work, new Promise<void>((resolve) => (late = setTimeout(resolve, deadlineMs)))]);
      clearTimeout(late);
    },
  };
}
