import { ALL_TOPICS, TOPICS, type Assessment, type QuarantineRecord, type SubjectAssessment } from '@skyeye/contracts';
import type { EntityKey } from '@skyeye/engine';
import { handlingOf, SkyeyeError, type Clock } from '@skyeye/foundation';
import type { Store } from '@skyeye/store';
import type { Batch, Consumer, Log, PoisonedMessage, Position, TopicPartition } from '@skyeye/stream';
import type { Telemetry } from '@skyeye/telemetry';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { serialize } from 'node:v8';
import { tellBar } from './bar-teller.ts';
import { Checkpoints, type ScorerState } from './checkpoint.ts';
import { readEvents, readReferences } from './consume.ts';
import { Erasures } from './erasures.ts';
import { followModels } from './models-follower.ts';
import { openPrivatePort } from './private-port.ts';
import { followRules } from './rules-follower.ts';
import type { Adoption, Scoring } from './scoring.ts';
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
  /** Messages of one batch at most. Default 400. */
  readonly batchMax?: number;
}

export interface Scorer {
  /** Address of the private port. */
  readonly origin: string;
  /** Lag of what is to be read, messages. */
  lag(): Promise<number>;
  /** Writes a checkpoint now: after a first day's import, so that the next start need not read it again. */
  checkpoint(): Promise<void>;
  /** Takes on another catalogue while events are folded; a checkpoint follows. */
  adopt(next: Adoption): Promise<void>;
  /** Erases keys while events are folded, and every checkpoint that names them. */
  forget(keys: readonly EntityKey[]): Promise<void>;
  /** Rejects when the scorer cannot go on: its state may be half folded, so only a restart helps. */
  readonly finished: Promise<void>;
  /** Drains and writes a last checkpoint. */
  stop(): Promise<void>;
}

const GROUP = 'scorer';
const READ = [TOPICS.reference.name, TOPICS.events.name] as const;
/** Features with a timer are evaluated at whole half minutes of county time. */
const TICK_MS = 30_000;
/** Behind by more messages than this, minute clocks wait: they would speak of a call as open whose end is still unread. */
const TICK_LAG_MAX = 1_000;
/** With nothing delivered for so long (wall), what was to be read at the start has expired from the log. */
const IDLE_MS = 10_000;
/** While the engine is full, it is looked so often whether there is room again (wall). */
const FULL_LOOK_MS = 200;
/** A slice of events is folded without a pause; then timers and hold questions run. */
const SLICE_MS = 15;
/** How finely hold-ups are seen. */
const HELD_UP_RESOLUTION_MS = 10;
/** Of a larger message only the beginning is sealed, so that the copy fits a message; its full length is recorded. */
const SEALED_BYTES_MAX = 512 * 1024;

const isToVisit = ({ level }: Assessment): boolean => level === 'P1' || level === 'P2' || level === 'P3';
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Starts the scorer. Order of effects: fold → assessments (ids made from their cause) → positions with the next checkpoint.
 * Between fold and sending an assessment waits in `unsent`, and nothing is folded or checkpointed before it is out. A
 * restart takes the checkpoint and reads on from its positions; what it says again has the same ids (invariant 3).
 */
export async function app(deps: ScorerDeps): Promise<Scorer> {
  const { log, store, telemetry, clock, wallNowMs } = deps;
  const lines = telemetry.log(logEvents);
  const metrics = telemetry.metrics(metricEntries);
  await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
  const checkpoints = new Checkpoints(store);
  let scoring = deps.scoring();
  let primed = false;
  const erasures = new Erasures((keys) => forget(keys), telemetry);
  telemetry.health.set('state', 'degraded', 'the checkpoint is being read; hold questions get the fallback');
  // Before the state is read, so that whoever asks is told at once and whoever supervises sees a live process that is not ready.
  const port = await openPrivatePort({
    telemetry,
    serviceKey: deps.serviceKey,
    host: deps.host,
    port: deps.port,
    peek: async (event) => {
      const reply = await scoring.peek(event);
      if (reply.assessment !== null && isToVisit(reply.assessment)) void tellOf(reply.assessment);
      return reply;
    },
    forget: ({ id, keys }) => erasures.ask(id, keys),
    primed: () => primed,
    why: ({ feature, key, at }) => scoring.engine.why(feature, key, at),
    usage: () => scoring.engine.usage(),
  });
  const state = await restore();
  // Before the first event, so that a backlog is read with the rules that are in force.
  const { rules: book } = scoring.detector;
  const nowMs = (): number => clock.nowMs();
  const rules = book === null ? null : await followRules({ store, book, telemetry, nowMs });
  const models = scoring.models === null ? null : await followModels({ store, places: scoring.models, telemetry, nowMs });
  const bar = await tellBar({ store, detector: () => scoring.detector, telemetry, nowMs });
  telemetry.health.set('state', 'degraded', 'the backlog is being read; hold questions get the fallback');
  const producer = log.producer();
  /**
   * Whoever is asked about at P1 to P3 is somebody to speak with, whether the payment goes out or not: what is held never happens as
   * an event. Nothing is kept of it; its id is the question's, so that a second sending is the same.
   */
  async function tellOf(made: Assessment): Promise<void> {
    try {
      await producer.send(TOPICS.assessments.name, [{ key: made.person, value: JSON.stringify(made) }]);
    } catch (error) {
      lines.QuestionNotTold({}, error);
    }
  }
  const positions = new Map<string, Position>(state.positions.map((position) => [placeOf(position), position]));
  let lastTickMs = state.lastTickMs;
  let unsent: Assessment[] = [];
  let unsentSubjects: SubjectAssessment[] = [];
  let stopping = false;
  let lastBatchMs = performance.now();
  const crashed = Promise.withResolvers<never>();
  // It is told through `finished`, which whoever started us may look at.
  crashed.promise.catch(() => undefined);
  let failed = false;

  async function restore(): Promise<{ readonly positions: readonly Position[]; readonly lastTickMs: number }> {
    const refused = (error: unknown): void => lines.CheckpointRefused({}, error);
    for await (const { parts, state: read } of checkpoints.newestFirst(refused)) {
      try {
        for await (const part of parts()) scoring.take(part);
        scoring.restore(read.detection as never);
        lines.StateRestored({ positions: read.positions.length, events: scoring.engine.stats().events });
        return read;
      } catch (error) {
        if (error instanceof SkyeyeError && handlingOf(error) === 'retry') throw error;
        refused(error);
        scoring = deps.scoring();
      }
    }
    lines.StateMissed();
    return { positions: [], lastTickMs: 0 };
  }

  /** One thing at a time touches the state: a slice of a batch, a tick or the end of a checkpoint. Questions only read and need not wait. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };

  const flush = async (): Promise<void> => {
    unsentSubjects.push(...scoring.takeSubjects());
    if (unsentSubjects.length > 0)
      await producer.send(
        TOPICS.subjects.name,
        unsentSubjects.map((made) => ({ key: made.key, value: JSON.stringify(made) })),
      );
    unsentSubjects = [];
    if (unsent.length === 0) return;
    await producer.send(
      TOPICS.assessments.name,
      unsent.map((made) => ({ key: made.person, value: JSON.stringify(made) })),
    );
    const nowMs = wallNowMs();
    for (const { ingestedAtMs } of unsent) if (ingestedAtMs !== null) metrics.latencyMs.observe(Math.max(0, nowMs - ingestedAtMs));
    unsent = [];
  };
  const send = (assessments: readonly Assessment[], ingested: ReadonlyMap<string, number>): Promise<void> => {
    for (const made of assessments) unsent.push({ ...made, ingestedAtMs: ingested.get(made.causeEventId ?? '') ?? null });
    return flush();
  };

  /** Up to where a partition is folded. A batch that comes again does not take it back. */
  const folded = ({ topic, partition }: TopicPartition, offset: number): void => {
    const known = positions.get(placeOf({ topic, partition }))?.offset ?? 0;
    positions.set(placeOf({ topic, partition }), { topic, partition, offset: Math.max(known, offset) });
  };

  /**
   * Waits while the engine is at its ceiling: what is not read stays on the log. Minute clocks, checkpoints and hold
   * questions go on. False when there will be no room any more, since we stop.
   */
  const room = async (): Promise<boolean> => {
    if (!scoring.engine.full) return true;
    lines.ReadingPaused({ bytes: scoring.engine.bytes });
    metrics.full.set(1);
    telemetry.health.set('memory', 'degraded', 'the engine is at its ceiling; events wait on the log');
    while (scoring.engine.full && !stopping) await sleep(FULL_LOOK_MS);
    if (stopping) return false;
    lines.ReadingResumed({ bytes: scoring.engine.bytes });
    metrics.full.set(0);
    telemetry.health.remove('memory');
    return true;
  };

  const takeEvents = async (batch: Batch): Promise<void> => {
    const taken = readEvents(batch);
    const ingested = new Map<string, number>();
    for (const { event, ingestedAtMs } of taken) if (ingestedAtMs !== null) ingested.set(event.id, ingestedAtMs);
    let at = 0;
    while (at < taken.length && (await room())) {
      await inTurn(async () => {
        // What a slice said before its sending failed is in no message that will come again: its events are folded.
        await flush();
        const startedMs = performance.now();
        const made: Assessment[] = [];
        do {
          const slice = taken.slice(at, at + 8);
          at += slice.length;
          made.push(
            ...(await scoring.fold(
              slice.map(({ event }) => event),
              slice.map(({ lane }) => lane),
            )),
          );
        } while (at < taken.length && performance.now() - startedMs < SLICE_MS && !scoring.engine.full);
        await send(made, ingested);
        folded(batch, (batch.messages[at - 1]?.offset ?? 0) + 1);
      });
      await breathe();
    }
  };

  const takeReferences = async (batch: Batch): Promise<void> => {
    const records = readReferences(batch);
    for (let at = 0; at < records.length && (await room()); at += 200) {
      await inTurn(async () => {
        scoring.learn(records.slice(at, at + 200));
        folded(batch, (batch.messages[Math.min(at + 200, records.length) - 1]?.offset ?? 0) + 1);
      });
      await breathe();
    }
  };

  const onBatch = async (batch: Batch): Promise<void> => {
    const startedMs = performance.now();
    if (batch.topic === TOPICS.reference.name) await takeReferences(batch);
    else await takeEvents(batch);
    lastBatchMs = performance.now();
    metrics.held.set(scoring.engine.stats().events);
    metrics.bytes.set(scoring.engine.bytes);
    metrics.approximate.set(scoring.engine.stats().approximate ?? 0);
    metrics.batchMs.observe(lastBatchMs - startedMs);
  };

  const onPoison = async ({ topic, partition, message }: PoisonedMessage, error: unknown): Promise<void> => {
    const id = `${topic}:${partition}:${message.offset}`;
    const code = error instanceof SkyeyeError ? error.code : 'SCORER_FAILED';
    const path = error instanceof SkyeyeError && error.facts['path'] !== undefined ? ` at "${String(error.facts['path'])}"` : '';
    const record: QuarantineRecord = {
      id,
      topic,
      partition,
      offset: String(message.offset),
      code,
      reason: `${error instanceof Error ? error.message : 'failed'}${path}`.slice(0, 500),
      sealed: deps.seal(message.value.subarray(0, SEALED_BYTES_MAX), id),
      bytes: message.value.length,
      atMs: clock.nowMs(),
    };
    await producer.send(TOPICS.quarantine.name, [{ key: id, value: JSON.stringify(record) }]);
    metrics.events.add(1, { outcome: 'quarantined' });
    lines.EventQuarantined({ topic, code });
    positions.set(placeOf({ topic, partition }), { topic, partition, offset: message.offset + 1 });
  };

  /** The state that goes with the last parts of a checkpoint, as it is now: folding goes on while it is written. */
  const closing = (last: () => void): Promise<ScorerState> =>
    inTurn(async () => {
      const startedMs = performance.now();
      await flush();
      last();
      // As bytes at once: a copy of the objects, to be serialised afterwards, held everything up three times as long.
      const kept = { positions: [...positions.values()], lastTickMs, detection: serialize(scoring.stateBeside()) };
      metrics.closingMs.observe(performance.now() - startedMs);
      return kept;
    });

  /** One checkpoint at a time; who asks while one is written gets one that begins after it. */
  let writing: Promise<unknown> = Promise.resolve();
  const checkpoint = (alone = false): Promise<void> => {
    const next = writing.then(async () => {
      const startedMs = performance.now();
      const { positions: kept } = await checkpoints.write({ engine: scoring.engine, detector: scoring.detector, closing, alone });
      const own = new Set(consumer.assignment().map(placeOf));
      await consumer.commit(kept.filter((position) => own.has(placeOf(position))));
      lines.CheckpointWritten({ events: scoring.engine.stats().events });
      metrics.checkpointMs.observe(performance.now() - startedMs);
    });
    writing = next.catch(() => undefined);
    return next;
  };

  /** Steps between which events are folded, none of them within a slice. */
  const through = async (steps: Iterator<void>): Promise<void> => {
    for (let done = false; !done;) {
      await inTurn(async () => void (done = steps.next().done === true));
      await breathe();
    }
  };

  async function forget(keys: readonly EntityKey[]): Promise<void> {
    await through(scoring.forget(keys));
    await checkpoint(true);
  }

  /** Messages between what was folded and the end, per partition. */
  const behind = async (): Promise<readonly (TopicPartition & { readonly read: number; readonly lag: number })[]> =>
    (await log.admin.lag(GROUP, READ)).map(({ topic, partition, committed, end, lag }) => {
      const read = positions.get(placeOf({ topic, partition }))?.offset;
      // Without a position it is read from the beginning, whatever an older life committed.
      return { topic, partition, read: read ?? 0, lag: read === undefined ? (committed === null ? lag : end) : Math.max(0, end - read) };
    });
  const lag = async (): Promise<number> => (await behind()).reduce((sum, part) => sum + part.lag, 0);
  const endsAtStart = new Map(
    (await Promise.all(READ.map((topic) => log.admin.endOffsets(topic)))).flat().map((end) => [placeOf(end), end.offset]),
  );
  const lookWhetherPrimed = async (): Promise<void> => {
    const idle = performance.now() - lastBatchMs > IDLE_MS;
    primed = idle || (await behind()).every((part) => part.lag === 0 || part.read >= (endsAtStart.get(placeOf(part)) ?? 0));
    if (!primed) return;
    lines.BacklogFinished();
    telemetry.health.set('state', 'ok');
    // A stop that began meanwhile has said "not ready" already.
    if (!stopping) telemetry.health.ready(true);
  };

  const tick = (): Promise<void> =>
    inTurn(async () => {
      if (!primed) await lookWhetherPrimed();
      const nowMs = Math.floor(clock.nowMs() / TICK_MS) * TICK_MS;
      if (!primed || nowMs <= lastTickMs || (await lag()) > TICK_LAG_MAX) return;
      await flush();
      lastTickMs = nowMs;
      await send(await scoring.tick(nowMs), new Map());
      scoring.sweep(nowMs);
    });

  // A broker that has just started cannot say how far a group is; the minute clock looks again.
  await lookWhetherPrimed().catch((error: unknown) => {
    if (handlingOf(error) === 'crash') throw error;
    lines.ClockPostponed({}, error);
  });
  const joined = Promise.withResolvers<Consumer>();
  const consumer = await log.consumer({
    group: GROUP,
    topics: READ,
    from: 'committed',
    maxBatch: deps.batchMax ?? 400,
    commit: 'explicit',
    onBatch,
    onPoison,
    // The checkpoint's positions win over the committed ones: a crash between the two leaves the latter behind or ahead.
    onAssigned: async (partitions) => {
      const own = await joined.promise;
      for (const { topic, partition } of partitions)
        await own.seek({ topic, partition, offset: positions.get(placeOf({ topic, partition }))?.offset ?? 'earliest' });
    },
    // At the very end, when nothing more is folded and the partitions are still ours to commit. Not after a crash.
    onRevoked: async () => {
      if (stopping && !failed) await checkpoint().catch((error: unknown) => lines.CheckpointNotWritten({}, error));
    },
  });
  joined.resolve(consumer);
  consumer.finished.catch(() => (failed = true));

  /** Work beside the batches: what the world will mend is tried again with the next turn, anything else is our end. */
  const every = (ms: number, part: string, work: () => Promise<void>, putOff: (error: unknown) => void): NodeJS.Timeout => {
    let underWay = false;
    return setInterval(() => {
      if (underWay || failed || stopping) return;
      underWay = true;
      work()
        .then(() => telemetry.health.remove(part))
        .catch((error: unknown) => {
          if (handlingOf(error) === 'crash') {
            failed = true;
            telemetry.health.set(part, 'failed', error instanceof Error ? error.message : 'failed');
            crashed.reject(error);
            return;
          }
          putOff(error);
          telemetry.health.set(part, 'degraded', error instanceof Error ? error.message : 'failed');
        })
        .finally(() => (underWay = false));
    }, ms);
  };
  const heldUp = monitorEventLoopDelay({ resolution: HELD_UP_RESOLUTION_MS });
  heldUp.enable();
  const watching = setInterval(() => {
    metrics.heldUpMs.observe(heldUp.max / 1e6);
    heldUp.reset();
  }, 250);
  const ticking = every(250, 'minute clock', tick, (error) => lines.ClockPostponed({}, error));
  const checkpointing = every(
    deps.checkpointEveryMs ?? 120_000,
    'checkpoint',
    () => checkpoint(),
    (error) => lines.CheckpointNotWritten({}, error),
  );

  return {
    origin: port.origin,
    finished: Promise.race([consumer.finished, crashed.promise]),
    lag,
    checkpoint: () => checkpoint(),
    async adopt(next) {
      await through(scoring.adopt(next));
      await checkpoint();
    },
    forget,
    async stop() {
      stopping = true;
      telemetry.health.ready(false);
      clearInterval(ticking);
      clearInterval(watching);
      heldUp.disable();
      clearInterval(checkpointing);
      await port.close();
      await consumer.close();
      await rules?.stop();
      await models?.stop();
      await bar.stop();
      await producer.close();
    },
  };
}

const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
