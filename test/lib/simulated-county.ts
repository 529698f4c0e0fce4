import { rawReference, SOURCES, type Reference, type StreamEvent, type StreamName } from '@skyeye/contracts';
import { simulateBatch } from '@skyeye/simulator';

/**
 * Days of a small county in the order in which its records arrive, already normalised; tokens are not the engine's business,
 * so identifiers stay as they are.
 */
export function simulatedCounty({ residents, days, eventsMax }: { residents: number; days: number; eventsMax: number }): {
  references: Reference[];
  events: StreamEvent[];
} {
  const references: Reference[] = [];
  const events: StreamEvent[] = [];
  for (const { topic, record } of simulateBatch({ seed: 4711, days, residents })) {
    if (topic === 'raw.reference') {
      const parsed = rawReference.parse(record);
      if (parsed.kind !== 'history') {
        references.push(parsed as Reference);
        continue;
      }
      const source = SOURCES[parsed.stream];
      source
        .normalise(source.raw.parse(parsed.record))
        .forEach((event, side) => references.push({ kind: 'history', id: `${parsed.id}:${side}`, event }));
      continue;
    }
    const source = SOURCES[topic.slice('raw.'.length) as StreamName];
    events.push(...source.normalise(source.raw.parse(record)));
    if (events.length >= eventsMax) break;
  }
  return { references, events };
}
