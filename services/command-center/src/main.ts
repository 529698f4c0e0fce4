import { openParts, valuesOf, webOptions } from '@skyeye/cluster';
import { passwords, sqlAccounts } from '@skyeye/identity';
import { quarantineSealer, tokenizer } from '@skyeye/vault';
import { app } from './app.ts';
import { httpErasing } from './erasing.ts';
import { options } from './options.ts';

const values = valuesOf(options, 'command-center');
const parts = openParts('command-center', values);
const { telemetry, wallNowMs } = parts;
const log = parts.log(values.kafka);
const store = await parts.store(values.redisUrl);
const ledger = parts.ledger(values.databaseUrl, store);
const clock = await parts.countyClock(log);
const master = await parts.master(values.keyFolder);
const center = await app({
  telemetry,
  clock,
  wallNowMs,
  ledger,
  vault: parts.vaultReader(values.vaultReaderUrl, master, { ledger, clock }),
  quarantine: quarantineSealer(master),
  tokens: tokenizer(master),
  erasing: httpErasing({ origin: values.scorerOrigin, serviceKey: values.serviceKey }),
  store,
  log,
  accounts: sqlAccounts(ledger),
  passwords: passwords(),
  county: await parts.county(values.countyFile),
  options: webOptions(values),
});
parts.runUntilSignal({ failed: center.failed, stop: () => center.close() });
await center.start();
await center.http.listen({ host: values.host, port: values.port });
