import { openParts, valuesOf, webOptions } from '@skyeye/cluster';
import { passwords, sqlAccounts } from '@skyeye/identity';
import { app } from './app.ts';
import { options } from './options.ts';

const values = valuesOf(options, 'field');
const parts = openParts('field', values);
const { telemetry, wallNowMs } = parts;
const store = await parts.store(values.redisUrl);
const ledger = parts.ledger(values.databaseUrl, store);
const clock = await parts.countyClock(parts.log(values.kafka));
const field = await app({
  telemetry,
  clock,
  wallNowMs,
  ledger,
  vault: parts.vaultReader(values.vaultReaderUrl, await parts.master(values.keyFolder), { ledger, clock }),
  store,
  accounts: sqlAccounts(ledger),
  passwords: passwords(),
  county: await parts.county(values.countyFile),
  options: { ...webOptions(values), pushKey: values.vapidPublicKey === '' ? null : values.vapidPublicKey },
});
parts.runUntilSignal({ stop: () => field.close() });
await field.start();
await field.http.listen({ host: values.host, port: values.port });
