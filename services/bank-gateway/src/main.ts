import { counterTextsFor } from '@skyeye/catalogue';
import { answeredHosts, openParts, valuesOf } from '@skyeye/cluster';
import { bankKeys, sqlAccounts } from '@skyeye/identity';
import { tokenizer } from '@skyeye/vault';
import { app } from './app.ts';
import { options } from './options.ts';
import { httpScoring } from './scoring.ts';

const values = valuesOf(options, 'bank-gateway');
const { host, port, keyFolder } = values;
const parts = openParts('bank-gateway', values);
const { telemetry, wallNowMs } = parts;
const store = await parts.store(values.redisUrl);
const ledger = parts.ledger(values.databaseUrl, store);
const master = await parts.master(keyFolder);
const gateway = await app({
  telemetry,
  clock: await parts.countyClock(parts.log(values.kafka)),
  wallNowMs,
  ledger,
  store,
  keys: bankKeys(sqlAccounts(ledger)),
  scoring: httpScoring({ origin: values.scorerOrigin, serviceKey: values.serviceKey }),
  tokens: tokenizer(master),
  vault: parts.vaultWriter(values.vaultWriterUrl, master),
  counterTexts: counterTextsFor,
  hosts: answeredHosts(values),
});
parts.runUntilSignal({ stop: () => gateway.close() });
await gateway.listen({ host, port });
telemetry.health.ready(true);
