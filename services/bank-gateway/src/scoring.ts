import { peekReply, SERVICE_KEY_HEADER, type PeekReply, type StreamEvent } from '@skyeye/contracts';
import { Pool } from 'undici';
import { errors } from './tables.ts';

/** The scorer's answer to "what if this payment happened". */
export interface Scoring {
  /** @throws GATEWAY_SCORING_LATE, GATEWAY_SCORING_REFUSED */
  peek(event: StreamEvent, deadlineMs: number): Promise<PeekReply>;
  close(): Promise<void>;
}

/** Asks over the private port of the scorer, connections kept open. */
export function httpScoring({ origin, serviceKey }: { readonly origin: string; readonly serviceKey: string }): Scoring {
  const pool = new Pool(origin, { connections: 32, pipelining: 1, connect: { timeout: 1_000 } });
  return {
    async peek(event, deadlineMs) {
      const signal = AbortSignal.timeout(deadlineMs);
      try {
        const { statusCode, body } = await pool.request({
          path: '/peek',
          method: 'POST',
          headers: { 'content-type': 'application/json', [SERVICE_KEY_HEADER]: serviceKey },
          body: JSON.stringify({ event, deadlineMs }),
          signal,
        });
        if (statusCode !== 200) {
          await body.dump();
          throw errors.scoringRefused({ status: statusCode });
        }
        return peekReply.parse(await body.json());
      } catch (cause) {
        if (signal.aborted) throw errors.scoringLate({ deadlineMs }, cause);
        throw errors.scoringRefused({}, cause);
      }
    },
    close: () => pool.close(),
  };
}
