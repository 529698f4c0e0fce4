import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionTable } from '@skyeye/foundation';
import { z } from 'zod';
import { COUNTY_START_MS, RESIDENTS_DEFAULT } from '../src/index.ts';
import { labelledBatch } from '../src/labels.ts';
import { FolderOutput } from '../src/folder-output.ts';
import { sendToKafka } from '../src/kafka-output.ts';

const options = optionTable({
  seed: {
    type: z.coerce.number().int().min(0).max(2_147_483_647).default(1),
    says: 'the same seed gives the same bytes',
    range: '0..2147483647',
  },
  days: { type: z.coerce.number().min(0.01).max(400).default(1), says: 'county days to simulate', range: '0.01..400' },
  residents: {
    type: z.coerce.number().int().min(50).max(1_000_000).default(RESIDENTS_DEFAULT),
    says: 'residents of the county',
    range: '50..1000000',
  },
  scams: {
    type: z.enum(['realistic', 'dense', 'many', 'none']).default('realistic'),
    says: 'how often somebody is swindled',
    range: 'realistic|dense|many|none',
  },
  out: {
    type: z.string().min(1).default('artefacts/simulated'),
    says: 'a folder (a JSONL file per topic), or "kafka"',
    range: '<folder>|kafka',
  },
  brokers: { type: z.string().default('127.0.0.1:9092'), says: 'Kafka brokers, with --out kafka', range: 'host:port,…' },
  labels: { type: z.string().default(''), says: 'folder for labels.jsonl, the truth; kept apart from the records', range: '<folder>' },
});

const read = options.read({ argv: process.argv.slice(2), env: process.env });
if (read.kind === 'help') {
  console.log(read.text);
} else if (read.kind === 'mistakes') {
  console.error(read.mistakes.join('\n'));
  process.exitCode = 2;
} else {
  const { seed, days, residents, scams, out, brokers, labels } = read.values;
  const startedMs = performance.now();
  const batch = labelledBatch({ seed, days, residents, scams, startMs: COUNTY_START_MS });
  let written = 0;
  if (out === 'kafka') {
    written = await sendToKafka(batch.records, brokers.split(','));
  } else {
    const output = new FolderOutput(out);
    for (const entry of batch.records) output.write(entry);
    output.close();
    written = output.written;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  if (labels !== '') {
    mkdirSync(labels, { recursive: true });
    writeFileSync(
      join(labels, 'labels.jsonl'),
      batch
        .truth()
        .map((label) => `${JSON.stringify(label)}\n`)
        .join(''),
    );
  }
  console.log(
    `${written} records of ${residents} residents in ${seconds.toFixed(1)} s: ${Math.round(written / seconds)} a second, seed ${seed}, to ${out}`,
  );
}
