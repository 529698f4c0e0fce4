import { AnchoredClock, handlingOf, type Clock, type ClockAnchor } from '@skyeye/foundation';
import { setTimeout as sleep } from 'node:timers/promises';
import { errors } from './errors.ts';
import type { Log, Message } from './port.ts';

/** County time of another process, with county milliseconds per wall millisecond. */
export interface FollowedClock extends Clock {
  readonly speed: number;
}

const SPEED_MAX = 600;
/**
 * Who writes anchors writes one every two seconds. Without them county time runs on for so long, then stands still: over a
 * stop of the simulator no clock of the domain may run out.
 */
const STALE_MS = 15_000;
/** Reading what the topic keeps takes a second or two; wall ms after which a start is given up. */
const CAUGHT_UP_MS_MAX = 60_000;
const ASK_AGAIN_MS = 500;

/**
 * Follows the anchors of a topic that has one partition. Resolves when every anchor that is kept there has been read: a
 * service that starts again in a county whose time is driven never acts by wall time. Where no anchor was ever written
 * county time is wall time, so a real county without a simulator needs nothing; a simulator writes its first one before
 * its first record. `group` is of this process alone and is forgotten at close.
 * @throws STREAM_CLOCK_UNREAD (retry)
 */
export async function followClockTopic(
  log: Log,
  {
    topic,
    group,
    wallNowMs,
    caughtUpMsMax = CAUGHT_UP_MS_MAX,
  }: { topic: string; group: string; wallNowMs: () => number; caughtUpMsMax?: number },
): Promise<{ readonly clock: FollowedClock; close(): Promise<void> }> {
  let followed: AnchoredClock | undefined;
  let anchoredMs = 0;
  await log.createTopics([{ name: topic, partitions: 1 }]);
  const kept = (await patiently(() => log.admin.lag(group, [topic]), caughtUpMsMax)).find(({ lag }) => lag > 0);
  const caughtUp = Promise.withResolvers<undefined>();
  if (kept === undefined) caughtUp.resolve(undefined);
  const consumer = await log.consumer({
    group,
    topics: [topic],
    from: 'earliest',
    commit: 'explicit',
    onBatch({ messages }) {
      const anchor = lastAnchor(messages);
      if (anchor !== undefined) {
        anchoredMs = anchor.wallMs;
        if (followed === undefined) followed = new AnchoredClock(anchor, () => Math.min(wallNowMs(), anchoredMs + STALE_MS));
        else followed.follow(anchor);
      }
      if (kept !== undefined && (messages.at(-1)?.offset ?? 0) + 1 >= kept.end) caughtUp.resolve(undefined);
      return Promise.resolve();
    },
    // A broken anchor is passed over; the next one comes soon.
    onPoison: () => Promise.resolve(),
  });
  const close = async (): Promise<void> => {
    await consumer.close();
    await log.admin.forgetGroup(group);
  };
  const late = new AbortController();
  const inTime = await Promise.race([
    caughtUp.promise.then(() => true),
    sleep(caughtUpMsMax, false, { signal: late.signal, ref: false }).catch(() => false),
  ]);
  late.abort();
  if (!inTime) {
    await close();
    throw errors.clockUnread({ topic });
  }
  return {
    clock: {
      nowMs: () => followed?.nowMs() ?? wallNowMs(),
      get speed() {
        return followed?.speed ?? 1;
      },
    },
    close,
  };
}

/** The latest that is one: a broken anchor behind it does not hide it. */
function lastAnchor(messages: readonly Message[]): ClockAnchor | undefined {
  for (const { value } of messages.toReversed()) {
    const anchor = readAnchor(value);
    if (anchor !== undefined) return anchor;
  }
  return undefined;
}

function readAnchor(value: Uint8Array): ClockAnchor | undefined {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(value));
  } catch {
    // What is not JSON is no anchor; the next one comes soon.
    return undefined;
  }
  const { countyMs, wallMs, speed } = (body ?? {}) as Partial<Record<keyof ClockAnchor, unknown>>;
  if (typeof countyMs !== 'number' || typeof wallMs !== 'number' || typeof speed !== 'number' || speed < 0 || speed > SPEED_MAX)
    return undefined;
  return { countyMs, wallMs, speed };
}

/** A broker that has just started does not say yet who looks after a group: a service that starts beside it asks again. */
async function patiently<T>(ask: () => Promise<T>, limitMs: number): Promise<T> {
  const untilMs = performance.now() + limitMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (handlingOf(error) !== 'retry' || performance.now() > untilMs) throw error;
      await sleep(ASK_AGAIN_MS);
    }
  }
}
