import { TOPICS } from '@skyeye/contracts';
import { AnchoredClock, type Clock, type ClockAnchor } from '@skyeye/foundation';
import type { Log } from '@skyeye/stream';
import { z } from 'zod';

const clockAnchor = z.object({ countyMs: z.number(), wallMs: z.number(), speed: z.number().min(0).max(600) });
const readAnchor = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      // Said as an issue of the schema, so that a broken anchor is passed over like a wrong one.
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(clockAnchor);

/**
 * County time of another process: follows the anchors on the topic `clock`. Until the first one it is wall time, so a
 * real county without a simulator needs nothing.
 */
export async function followCountyClock(
  log: Log,
  wallNowMs: () => number,
  memberId: string,
): Promise<{ readonly clock: Clock; close(): Promise<void> }> {
  let followed: AnchoredClock | undefined;
  await log.createTopics([{ name: TOPICS.clock.name, partitions: TOPICS.clock.partitions }]);
  const consumer = await log.consumer({
    group: `clock-${memberId}`,
    topics: [TOPICS.clock.name],
    from: 'earliest',
    commit: 'explicit',
    onBatch({ messages }) {
      const last = messages.at(-1);
      const parsed = last === undefined ? undefined : readAnchor.safeParse(new TextDecoder().decode(last.value));
      if (parsed?.success === true) {
        const anchor: ClockAnchor = parsed.data;
        if (followed === undefined) followed = new AnchoredClock(anchor, wallNowMs);
        else followed.follow(anchor);
      }
      return Promise.resolve();
    },
    // A broken anchor is passed over; the next one comes within a second.
    onPoison: () => Promise.resolve(),
  });
  return {
    clock: { nowMs: () => followed?.nowMs() ?? wallNowMs() },
    async close() {
      await consumer.close();
      await log.admin.forgetGroup(`clock-${memberId}`);
    },
  };
}
