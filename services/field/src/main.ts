import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { county as countySchema, TOPICS } from '@skyeye/contracts';
import { demoCounty } from '@skyeye/geo';
import { LOOPBACK_HOSTS, passwords, sqlAccounts } from '@skyeye/identity';
import { openLedger } from '@skyeye/ledger';
import { createRedisStore } from '@skyeye/store';
import { createKafkaLog, followClockTopic } from '@skyeye/stream';
import { createTelemetry, runUntilSignal } from '@skyeye/telemetry';
import { auditReveals, loadOrCreateMasterKey, vaultReader } from '@skyeye/vault';
import { app } from './app.ts';
import { options } from './options.ts';

const read = options.read({ argv: process.argv.slice(2), env: process.env });
if (read.kind !== 'values') {
  process.stderr.write(`${read.kind === 'help' ? read.text : read.mistakes.join('\n')}\n`);
  process.exit(read.kind === 'help' ? 0 : 2);
}
const {
  kafka,
  databaseUrl,
  vaultReaderUrl,
  redisUrl,
  keyFolder,
  countyFile,
  host,
  port,
  hosts,
  trustProxy,
  insecureCookie,
  web,
  demo,
  vapidPublicKey,
  logLevel,
} = read.values;
const wallNowMs = (): number => Date.now();
const telemetry = createTelemetry({ service: 'field', level: logLevel });
const master = await loadOrCreateMasterKey(keyFolder);
const county = countyFile === undefined ? demoCounty : countySchema.parse(JSON.parse(await readFile(countyFile, 'utf8')));
const log = createKafkaLog({ brokers: kafka, clientId: 'field', telemetry });
const ledger = openLedger({ url: databaseUrl, name: 'field' });
const store = await createRedisStore({ url: redisUrl, telemetry });
const { clock, close: closeClock } = await followClockTopic(log, {
  topic: TOPICS.clock.name,
  group: `clock-field-${hostname()}-${process.pid}`,
  wallNowMs,
});
const vault = vaultReader({ url: vaultReaderUrl, master, audit: auditReveals(ledger, clock), wallNowMs });
const accounts = sqlAccounts(ledger);
const isLoopback = LOOPBACK_HOSTS.includes(host) || host === '::1';
const service = await app({
  telemetry,
  clock,
  wallNowMs,
  ledger,
  vault,
  store,
  accounts,
  passwords: passwords(),
  county,
  options: {
    hosts: hosts.length > 0 ? hosts : isLoopback ? LOOPBACK_HOSTS : null,
    secureCookie: !isLoopback && !insecureCookie,
    trustProxy,
    demo,
    version: '0.1.0',
    webFolder: web,
    pushKey: vapidPublicKey === '' ? null : vapidPublicKey,
  },
});

runUntilSignal({
  telemetry,
  async drain() {
    await service.close();
    await closeClock();
    await Promise.all([log.close(), store.close(), vault.close()]);
    await ledger.close();
  },
});
await service.start();
await service.http.listen({ host, port });
