import { erasureState, SERVICE_KEY_HEADER, type ErasureState, type ForgetRequest } from '@skyeye/contracts';
import { problems } from '@skyeye/identity';

/** The scorer, which erases. */
export interface Erasing {
  /** Begins, or says how far the one of this id is. @throws UNAVAILABLE (retry): the scorer does not answer */
  forget(request: ForgetRequest): Promise<ErasureState['state']>;
}

const ASK_MS = 5_000;

/** Over the scorer's private port; `origin` may be known later than this service opens. */
export function httpErasing({ origin, serviceKey }: { readonly origin: string | Promise<string>; readonly serviceKey: string }): Erasing {
  return {
    async forget(request) {
      try {
        const reply = await fetch(`${await origin}/forget`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', [SERVICE_KEY_HEADER]: serviceKey },
          body: JSON.stringify(request),
          signal: AbortSignal.timeout(ASK_MS),
        });
        if (reply.ok) return erasureState.parse(await reply.json()).state;
        await reply.body?.cancel();
      } catch (error) {
        throw problems.unavailable(error);
      }
      throw problems.unavailable();
    },
  };
}
