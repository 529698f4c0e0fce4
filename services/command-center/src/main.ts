import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { county as countySchema, TOPICS } from '@skyeye/contracts';
import { demoCounty } from '@skyeye/geo';
import { demoAccounts, installDemo, LOOPBACK_HOSTS, passwords, sqlAccounts } from '@skyeye/identity';
import { migrate, openLedger } from '@skyeye/ledger';
import { createRedisStore } from '@skyeye/store';
import { createKafkaLog, followClockTopic } from '@skyeye/stream';
import { createTelemetry, runUntilSignal } from '@skyeye/telemetry';
import { auditReveals, demoSecret, loadOrCreateMasterKey, quarantineSealer, setUpVault, vaultReader } from '@skyeye/vault';
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
  logLevel,
} = read.values;
const wallNowMs = (): number => Date.now();
const telemetry = createTelemetry({ service: 'command-center', level: logLevel });
const master = await loadOrCreateMasterKey(keyFolder);
if (read.values.migrate) {
  await migrate({ url: databaseUrl });
  const { vaultOwnerUrl: ownerUrl, vaultWriterUrl: writerUrl } = read.values;
  if (ownerUrl !== undefined && writerUrl !== undefined) await setUpVault({ ownerUrl, writerUrl, readerUrl: vaultReaderUrl, master });
}
const county = countyFile === undefined ? demoCounty : countySchema.parse(JSON.parse(await readFile(countyFile, 'utf8')));
const log = createKafkaLog({ brokers: kafka, clientId: 'command-center', telemetry });
const ledger = openLedger({ url: databaseUrl, name: 'command-center' });
const store = await createRedisStore({ url: redisUrl, telemetry });
const { clock, close: closeClock } = await followClockTopic(log, {
  topic: TOPICS.clock.name,
  group: `clock-command-center-${hostname()}-${process.pid}`,
  wallNowMs,
});
const vault = vaultReader({ url: vaultReaderUrl, master, audit: auditReveals(ledger, clock), wallNowMs });
const accounts = sqlAccounts(ledger);
const words = passwords();
if (demo) {
  const made = demoAccounts(county, demoSecret(master));
  await installDemo(made, accounts, words);
  for (const { account, password, role } of made.accounts) process.stdout.write(`${role}\t${account}\t${password}\n`);
}
const isLoopback = LOOPBACK_HOSTS.includes(host) || host === '::1';
const center = await app({
  telemetry,
  clock,
  wallNowMs,
  ledger,
  vault,
  quarantine: quarantineSealer(master),
  store,
  log,
  accounts,
  passwords: words,
  county,
  options: {
    hosts: hosts.length > 0 ? hosts : isLoopback ? LOOPBACK_HOSTS : null,
    secureCookie: !isLoopback && !insecureCookie,
    trustProxy,
    demo,
    version: '0.1.0',
    webFolder: web,
  },
});

runUntilSignal({
  telemetry,
  failed: center.failed,
  async drain() {
    await center.close();
    await closeClock();
    await Promise.all([log.close(), store.close(), vault.close()]);
    await ledger.close();
  },
});
await center.start();
await center.http.listen({ host, port });
