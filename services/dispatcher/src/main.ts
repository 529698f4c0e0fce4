import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { hostname } from 'node:os';
import { county } from '@skyeye/contracts';
import { createGeo, demoCounty } from '@skyeye/geo';
import { migrate, openLedger } from '@skyeye/ledger';
import { createKafkaLog } from '@skyeye/stream';
import { createTelemetry, runUntilSignal } from '@skyeye/telemetry';
import { loadOrCreateMasterKey, quarantineSealer } from '@skyeye/vault';
import { webPushSender } from './adapters/web-push.ts';
import { app } from './app.ts';
import { followCountyClock } from './county-clock.ts';
import { options } from './options.ts';

const read = options.read({ argv: process.argv.slice(2), env: process.env });
if (read.kind !== 'values') {
  process.stderr.write(`${read.kind === 'help' ? read.text : read.mistakes.join('\n')}\n`);
  process.exit(read.kind === 'help' ? 0 : 2);
}
const {
  kafka,
  databaseUrl,
  keyFolder,
  countyFile,
  healthPort,
  logLevel,
  vapidSubject: subject,
  vapidPublicKey: publicKey,
  vapidPrivateKey: privateKey,
} = read.values;
const wallNowMs = (): number => Date.now();
const telemetry = createTelemetry({ service: 'dispatcher', level: logLevel });
if (read.values.migrate) await migrate({ url: databaseUrl });
const log = createKafkaLog({ brokers: kafka, clientId: 'dispatcher', telemetry });
const ledger = openLedger({ url: databaseUrl, name: 'dispatcher' });
const { clock, close: closeClock } = await followCountyClock(log, wallNowMs, `dispatcher-${hostname()}-${process.pid}`);
const sealer = quarantineSealer(await loadOrCreateMasterKey(keyFolder));
const places = createGeo(countyFile === undefined ? demoCounty : county.parse(JSON.parse(await readFile(countyFile, 'utf8'))));
const push = publicKey !== '' && privateKey !== '' ? webPushSender({ subject, publicKey, privateKey }) : null;
const dispatcher = app({ log, ledger, telemetry, clock, wallNowMs, places, push, seal: (bytes, id) => sealer.seal(bytes, id) });

const server = createServer((request, response) => {
  const answer = async (): Promise<[number, string, string]> => {
    if (request.url === '/metrics') return [200, 'text/plain; version=0.0.4', await telemetry.metricsText()];
    if (request.url !== '/health' && request.url !== '/ready') return [404, 'text/plain', 'not found'];
    const { status, body } = request.url === '/health' ? telemetry.health.health() : telemetry.health.readiness();
    return [status, 'application/json', JSON.stringify(body)];
  };
  answer().then(
    ([status, type, body]) => response.writeHead(status, { 'content-type': type }).end(body),
    () => response.writeHead(500).end(),
  );
});
server.headersTimeout = 5_000;
server.requestTimeout = 5_000;
server.maxConnections = 50;
server.listen(healthPort, '127.0.0.1');

runUntilSignal({
  telemetry,
  failed: dispatcher.failed,
  async drain(deadlineMs) {
    await dispatcher.stop(deadlineMs);
    await closeClock();
    await log.close();
    await ledger.close();
    server.close();
  },
});
await dispatcher.start();
