import { openParts, valuesOf } from '@skyeye/cluster';
import { createGeo } from '@skyeye/geo';
import { migrate } from '@skyeye/ledger';
import { drawDigest, quarantineSealer } from '@skyeye/vault';
import { webPushSender } from './adapters/web-push.ts';
import { app } from './app.ts';
import { explorer } from './explore.ts';
import { options } from './options.ts';

const values = valuesOf(options, 'dispatcher');
const { databaseUrl, vapidSubject: subject, vapidPublicKey: publicKey, vapidPrivateKey: privateKey } = values;
const parts = openParts('dispatcher', values);
if (values.migrate) await migrate({ url: databaseUrl });
const log = parts.log(values.kafka);
const master = await parts.master(values.keyFolder);
const sealer = quarantineSealer(master);
const dispatcher = app({
  log,
  ledger: parts.ledger(databaseUrl, await parts.store(values.redisUrl)),
  telemetry: parts.telemetry,
  clock: await parts.countyClock(log),
  wallNowMs: parts.wallNowMs,
  places: createGeo(await parts.county(values.countyFile)),
  explore: explorer(drawDigest(master), values.visitsPerDay ?? null),
  push: publicKey !== '' && privateKey !== '' ? webPushSender({ subject, publicKey, privateKey }) : null,
  seal: (bytes, id) => sealer.seal(bytes, id),
});
await parts.health({ host: values.host, port: values.healthPort });
parts.runUntilSignal({ failed: dispatcher.failed, stop: (deadlineMs) => dispatcher.stop(deadlineMs) });
await dispatcher.start();
