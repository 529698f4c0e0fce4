/**
 * Writes the JSON Schema of every message to `packages/contracts/generated/`: `raw/` (what a provider writes), `events/`
 * (one normalised event of a stream) and `topics/` (what is on each of our topics). With --check it compares, says what is
 * stale or left over, and exits 1. `pnpm contracts` writes these and the OpenAPI documents.
 */
import { join } from 'node:path';
import { eventSchema, jsonSchemaOf, RAW_TOPICS, SOURCES, STREAM_NAMES, topicBodies, TOPICS } from '../src/index.ts';
import { keepFiles } from './keep-files.ts';

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const bodies = topicBodies();
const files: Record<string, string> = {};
for (const { name, key, carries } of RAW_TOPICS) {
  const stream = STREAM_NAMES.find((each) => `raw.${each}` === name);
  const body = bodies[name];
  if (body === undefined) throw new Error(`${name} has no schema`);
  const source = stream === undefined ? undefined : SOURCES[stream];
  const about =
    source === undefined
      ? carries
      : `${source.source} ${source.name.en}. ${source.timeMeans}. One of ${source.ego.join(', ')} names whose record it is, where the record has such fields.`;
  files[`raw/${name.slice('raw.'.length)}.json`] = text({
    title: name,
    description: `${about} Message key: ${key}.`,
    ...jsonSchemaOf(body, 'input'),
  });
}
for (const stream of STREAM_NAMES) {
  const schema = jsonSchemaOf(eventSchema(stream), 'output');
  const properties = schema['properties'] as Record<string, Record<string, unknown>>;
  for (const [name, field] of Object.entries(SOURCES[stream].fields)) {
    const unit = 'unit' in field ? ` [${field.unit}]` : '';
    properties[name] = {
      description: `${field.says}${unit} (${{ R: 'from the source', S: 'stamped from state', D: 'derived from the event' }[field.origin]})`,
      ...properties[name],
    };
  }
  files[`events/${stream}.json`] = text({ title: `event of ${stream}`, ...schema });
}
for (const { name, key, writtenBy, readBy } of Object.values(TOPICS)) {
  const body = bodies[name];
  if (body === undefined) throw new Error(`${name} has no schema`);
  const schema =
    name === TOPICS.events.name
      ? { oneOf: STREAM_NAMES.map((stream) => ({ $ref: `../events/${stream}.json` })) }
      : jsonSchemaOf(body, 'output');
  files[`topics/${name}.json`] = text({
    title: name,
    description: `Written by ${writtenBy}, read by ${readBy}. Message key: ${key}.`,
    ...schema,
  });
}

process.exitCode = keepFiles({
  root: join(import.meta.dirname, '..', 'generated'),
  folders: ['raw', 'events', 'topics'],
  files,
  checkOnly: process.argv.includes('--check'),
});
