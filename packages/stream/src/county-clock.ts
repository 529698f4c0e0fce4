import { AnchoredClock, type Clock, type ClockAnchor } from '@skyeye/foundation';
import type { Log } from './port.ts';

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

/**
 * Follows the anchors of a topic that has one partition. Until the first one county time is wall time, so a real county
 * without a simulator needs nothing. `group` is of this process alone and is forgotten at close.
 */
export async function followClockTopic(
  log: Log,
  { topic, group, wallNowMs }: { topic: string; group: string; wallNowMs: () => number },
): Promise<{ readonly clock: FollowedClock; close(): Promise<void> }> {
  let followed: AnchoredClock | undefined;
  let anchoredMs = 0;
  await log.createTopics([{ name: topic, partitions: 1 }]);
  const consumer = await log.consumer({
    group,
    topics: [topic],
    from: 'earliest',
    commit: 'explicit',
    onBatch({ messages }) {
      const anchor = readAnchor(messages.at(-1)?.value);
      if (anchor === undefined) return Promise.resolve();
      anchoredMs = anchor.wallMs;
      if (followed === undefined) followed = new AnchoredClock(anchor, () => Math.min(wallNowMs(), anchoredMs + STALE_MS));
      else followed.follow(anchor);
      return Promise.resolve();
    },
    // A broken anchor is passed over; the next one comes soon.
    onPoison: () => Promise.resolve(),
  });
  return {
    clock: {
      nowMs: () => followed?.nowMs() ?? wallNowMs(),
      get speed() {
        return followed?.speed ?? 1;
      },
    },
    async close() {
      await consumer.close();
      await log.admin.forgetGroup(group);
    },
  };
}

function readAnchor(value: Uint8Array | undefined): ClockAnchor | undefined {
  if (value === undefined) return undefined;
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
