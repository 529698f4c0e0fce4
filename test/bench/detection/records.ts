import { rawReference, SOURCES, type Reference, type StreamEvent, type StreamName } from '@skyeye/contracts';

/** What ingest makes of a raw record, identifiers left as they are: nobody of a simulated county exists. */
export function eventsOf(topic: string, record: Readonly<Record<string, unknown>>, arrivalMs: number): StreamEvent[] {
  const source = SOURCES[topic.slice('raw.'.length) as StreamName];
  return source.normalise(source.raw.parse(record)).map((event) => ({ ...event, it: arrivalMs }));
}

/** The same of reference data; what is past comes as the events of its stream. */
export function referencesOf(raw: Readonly<Record<string, unknown>>): Reference[] {
  const record = rawReference.parse(raw);
  if (record.kind !== 'history') return [record as Reference];
  const inner = record.record as Readonly<Record<string, unknown>>;
  return eventsOf(`raw.${record.stream}`, inner, Number(inner['t'])).map((event, side) => ({
    kind: 'history',
    id: `${record.id}:${side}`,
    event,
  }));
}
