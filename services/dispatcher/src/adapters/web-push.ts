import webPush from 'web-push';
import type { PushSender } from '../push.ts';

export interface VapidKeys {
  /** mailto: or https: address of the operator, for the push services. */
  readonly subject: string;
  readonly publicKey: string;
  readonly privateKey: string;
}

const TIMEOUT_MS = 5_000;
/** A push that could not be delivered for so long is stale: the terminal reads its list anyway. */
const TTL_SECONDS = 3_600;

/** @throws Error when the keys are not a VAPID pair */
export function webPushSender({ subject, publicKey, privateKey }: VapidKeys): PushSender {
  webPush.setVapidDetails(subject, publicKey, privateKey);
  const vapidDetails = { subject, publicKey, privateKey };
  return {
    async send({ endpoint, keys }, body, { topic, urgent }) {
      // Push services speak https; anything else is an address that a client made up to make us call it.
      if (!endpoint.startsWith('https://')) return 'gone';
      try {
        await webPush.sendNotification({ endpoint, keys }, body, {
          vapidDetails,
          TTL: TTL_SECONDS,
          topic,
          urgency: urgent ? 'high' : 'normal',
          timeout: TIMEOUT_MS,
        });
        return 'taken';
      } catch (error) {
        const status = error instanceof webPush.WebPushError ? error.statusCode : 0;
        return status === 404 || status === 410 ? 'gone' : 'failed';
      }
    },
  };
}

/** A fresh VAPID pair, for the first start. */
export const makeVapidKeys = (): { readonly publicKey: string; readonly privateKey: string } => webPush.generateVAPIDKeys();
