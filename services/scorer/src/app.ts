import { ALL_TOPICS, peekRequest, SERVICE_KEY_HEADER, TOPICS, type Assessment, type QuarantineRecord, type StreamEvent } from '@skyeye/contracts';
import type { Clock } from '@skyeye/foundation';
import { createHttp, problems, route } from '@skyeye/identity';
import type { Store } from '@skyeye/store';
import type { Batch, Consumer, Log, PoisonedMessage, Position, TopicPartition } from '@skyeye/stream';
import type { Telemetry } from '@skyeye/telemetry';
import { SkyeyeError } from '@skyeye/foundation';
import { timingSafeEqual } from 'node:crypto';
import { Checkpoints } from './checkpoint.ts';
import { readEvents, readReferences } from './consume.ts';
import type { Scoring } from './scoring.ts';
import { logEvents, metricEntries } from './tables.ts';

export interface ScorerDeps {
  readonly log: Log;
  readonly store: Store;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly wallNowMs: () => number;
  /** Makes an empty scoring; called again when a checkpoint turns out to be damaged. */
  readonly scoring: () => Scoring;
  /** Seals the bytes of what could not be taken, bound to its id. */
  readonly seal: (bytes: Uint8Array, id: string) => string;
  /** Secret of the private port. */
  readonly serviceKey: string;
  readonly host: string;
  readonly port: number;
  /** Wall ms between checkpoints. Default two minutes. */
  readonly checkpointEveryMs?: number;
}

export interface Scorer {
  /** Address of the private port. */
  readonly origin: string;
  /** Lag of what is to be read, messages. */
  lag(): Promise<number>;
  readonly finished: Promise<void>;
  /** Drains and writes a last checkpoint. */
  stop(): Promise<void>;
}

const GROUP = 'scorer';
const READ = [TOPICS.reference.name, TOPICS.events.name] as const;
/** Features with a timer are evaluated at whole half minutes of county time. */
const TICK_MS = 30_000;
/** A slice of events is folded without a pause; then timers and hold questions run. */
const SLICE_MS = 15;

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Starts the scorer. Order of effects per batch: assessments (ids made from their cause) → state in memory → positions with
 * the next checkpoint. A restart takes the checkpoint and reads on from its positions; what it says again has the same ids.
 */
export async function app(deps: ScorerDeps): Promise<Scorer> {
  const { log, store, telemetry, clock, wallNowMs } = deps;
  const lines = telemetry.log(logEvents);
  const metrics = telemetry.metrics(metricEntries);
  await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
  const checkpoints = new Checkpoints(store);
  let scoring = deps.scoring();
  let state = await restore();
  const producer = log.producer();
  const positions = new Map<string, Position>(state.positions.map((position) => [placeOf(position), position]));
  let lastTickMs = state.lastTickMs;

  async function restore(): Promise<{ readonly positions: readonly Position[]; readonly lastTickMs: number }> {
    try {
      const read = await checkpoints.read(scoring.engine);
      if (read === null) {
        lines.StateMissed();
        return { positions: [], lastTickMs: 0 };
      }
      scoring.detector.restore(read.detection as never);
      lines.StateRestored({ positions: read.positions.length, events: scoring.engine.stats().events });
      return read;
    } catch (error) {
      lines.CheckpointRefused({}, error);
      scoring = deps.scoring();
      return { positions: [], lastTickMs: 0 };
    }
  }

  /** One thing at a time touches the state: a batch, a tick or a checkpoint. Questions only read and need not wait. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };

  const send = async (assessments: readonly Assessment[], ingested: ReadonlyMap<string, number>): Promise<void> => {
    if (assessments.length === 0) return;
    const stamped = assessments.map((made) => ({ ...made, ingestedAtMs: ingested.get(made.causeEventId ?? '') ?? null }));
    await producer.send(TOPICS.assessments.name, stamped.map((made) => ({ key: made.person, value: JSON.stringify(made) })));
    const nowMs = wallNowMs();
    for (const { ingestedAtMs } of stamped) if (ingestedAtMs !== null) metrics.latencyMs.observe(Math.max(0, nowMs - ingestedAtMs));
  };

  const takeEvents = async (batch: Batch): Promise<void> => {
    const taken = readEvents(batch);
    const ingested = new Map<string, number>();
    for (const { event, ingestedAtMs } of taken) if (ingestedAtMs !== null) ingested.set(event.id, ingestedAtMs);
    let at = 0;
    while (at < taken.length) {
      const startedMs = performance.now();
      const made: Assessment[] = [];
      do {
        const slice = taken.slice(at, at + 8).map(({ event }) => event);
        at += slice.length;
        made.push(...(await scoring.fold(slice)));
      } while (at < taken.length && performance.now() - startedMs < SLICE_MS);
      await send(made, ingested);
      await breathe();
    }
  };

  const takeReferences = async (batch: Batch): Promise<void> => {
    const records = readReferences(batch);
    for (let at = 0; at < records.length; at += 200) {
      scoring.engine.learn(records.slice(at, at + 200));
      await breathe();
    }
  };

  const onBatch = (batch: Batch): Promise<void> =>
    inTurn(async () => {
      const startedMs = performance.now();
      if (batch.topic === TOPICS.reference.name) await takeReferences(batch);
      else await takeEvents(batch);
      const { topic, partition } = batch;
      positions.set(placeOf(batch), { topic, partition, offset: (batch.messages.at(-1)?.offset ?? 0) + 1 });
      metrics.held.set(scoring.engine.stats().events);
      metrics.batchMs.observe(performance.now() - startedMs);
    });

  const onPoison = async ({ topic, partition, message }: PoisonedMessage, error: unknown): Promise<void> => {
    const id = `${topic}:${partition}:${message.offset}`;
    const code = error instanceof SkyeyeError ? error.code : 'SCORER_FAILED';
    const record: QuarantineRecord = { id, topic, partition, offset: String(message.offset), code, reason: error instanceof Error ? error.message : 'failed', sealed: deps.seal(message.value, id), bytes: message.value.length, atMs: clock.nowMs() };
    await producer.send(TOPICS.quarantine.name, [{ key: id, value: JSON.stringify(record) }]);
    metrics.events.add(1, { outcome: 'quarantined' });
    lines.EventQuarantined({ topic, code });
    positions.set(placeOf({ topic, partition }), { topic, partition, offset: message.offset + 1 });
  };

  let consumer: Consumer | undefined;
  const onAssigned = async (partitions: readonly TopicPartition[]): Promise<void> => {
    // The checkpoint's positions win over the committed ones: a crash between the two leaves the latter behind or ahead.
    await Promise.all(partitions.map(({ topic, partition }) => consumer?.seek({ topic, partition, offset: positions.get(placeOf({ topic, partition }))?.offset ?? 'earliest' })));
  };

  const checkpoint = (): Promise<void> =>
    inTurn(async () => {
      const startedMs = performance.now();
      const kept = [...positions.values()];
      await checkpoints.write(scoring.engine, { positions: kept, lastTickMs, detection: scoring.detector.state() });
      const own = new Set((consumer?.assignment() ?? []).map(placeOf));
      await consumer?.commit(kept.filter((position) => own.has(placeOf(position))));
      lines.CheckpointWritten({ events: scoring.engine.stats().events });
      metrics.checkpointMs.observe(performance.now() - startedMs);
    });

  const tick = (): Promise<void> =>
    inTurn(async () => {
      const nowMs = Math.floor(clock.nowMs() / TICK_MS) * TICK_MS;
      if (nowMs <= lastTickMs) return;
      lastTickMs = nowMs;
      await send(await scoring.tick(nowMs), new Map());
      scoring.detector.sweep(nowMs);
    });

  const http = await createHttp({ telemetry, sessions: null, cookieName: 'none', routes: [peekRoute(deps.serviceKey, (event) => scoring.peek(event), metrics)] });
  await http.listen({ host: deps.host, port: deps.port });
  const address = http.server.address();
  const origin = `http://${deps.host}:${typeof address === 'object' && address !== null ? address.port : deps.port}`;

  const joined = Promise.withResolvers<undefined>();
  consumer = await log.consumer({
    group: GROUP, topics: READ, from: 'committed', maxBatch: 400, commit: 'explicit', onBatch, onPoison,
    onAssigned: async (partitions) => {
      await joined.promise;
      await onAssigned(partitions);
    },
  });
  joined.resolve(undefined);

  const fail = (error: unknown): void => telemetry.health.set('scorer', 'failed', error instanceof Error ? error.message : 'failed');
  const ticking = setInterval(() => void tick().catch(fail), 250);
  const checkpointing = setInterval(() => void checkpoint().catch(fail), deps.checkpointEveryMs ?? 120_000);
  telemetry.health.ready(true);

  return {
    origin,
    finished: consumer.finished,
    lag: async () => {
      const ends = (await Promise.all(READ.map((topic) => log.admin.endOffsets(topic)))).flat();
      return ends.reduce((sum, end) => sum + Math.max(0, end.offset - (positions.get(placeOf(end))?.offset ?? 0)), 0);
    },
    async stop() {
      telemetry.health.ready(false);
      clearInterval(ticking);
      clearInterval(checkpointing);
      await http.close();
      await checkpoint();
      await consumer?.close();
      await producer.close();
    },
  };
}

const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

function peekRoute(serviceKey: string, peek: (event: StreamEvent) => Promise<unknown>, metrics: { readonly peeks: { add(value: number, labels: { outcome: 'answered' | 'refused' | 'starting' }): void }; readonly peekMs: { observe(value: number): void } }) {
  const wanted = Buffer.from(serviceKey);
  return route({ method: 'POST', path: '/peek', says: 'what if this payment happened', access: 'key', perMinute: 1_000_000, audit: null, body: peekRequest }, async ({ body, request }) => {
    const given = Buffer.from(String(request.headers[SERVICE_KEY_HEADER] ?? ''));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw problems.notSignedIn();
    const startedMs = performance.now();
    const reply = await peek(body.event as unknown as StreamEvent);
    metrics.peeks.add(1, { outcome: 'answered' });
    metrics.peekMs.observe(performance.now() - startedMs);
    return reply;
  });
}
