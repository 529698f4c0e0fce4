import { openParts, valuesOf } from '@skyeye/cluster';
import { ALL_TOPICS } from '@skyeye/contracts';
import { demoCounty } from '@skyeye/geo';
import { app } from './app.ts';
import { options } from './options.ts';

const values = valuesOf(options, 'county');
const parts = openParts('county', values);
await parts.health({ host: values.host, port: values.healthPort });
const log = parts.log(values.kafka);
await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
const team = demoCounty.teams[0]?.code ?? '';
const county = await app({
  ...values,
  log,
  ledger: parts.ledger(values.databaseUrl, await parts.store(values.redisUrl)),
  telemetry: parts.telemetry,
  wallNowMs: parts.wallNowMs,
  master: await parts.master(values.keyFolder),
  county: demoCounty,
  humanUnits: values.humanUnits.length > 0 ? values.humanUnits : [team],
  say: (line) => process.stderr.write(`${line}\n`),
});
parts.runUntilSignal({ failed: county.finished, stop: () => county.stop() });
await county.ready;
