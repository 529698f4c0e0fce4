import type { Reference, StreamEvent, Value } from '@skyeye/contracts';
import { keyOf } from './scope.ts';
import type { CheckpointPart } from './port.ts';

export interface EntityKey {
  /** As the catalogue names it; no pair: one of its sides is erased. */
  readonly keyType: string;
  readonly key: string;
}

/**
 * Parts of a checkpoint without any trace of some keys. Another's event keeps that there was an other side, and that it is
 * the same one each time, but not who.
 */
export function erasing(keys: readonly EntityKey[]): (part: CheckpointPart) => CheckpointPart {
  const nobody = new Map<string, string>();
  for (const { key } of keys) nobody.set(key, '');
  const stands = (text: string): boolean => nobody.has(text) || (text.startsWith('p:') && nobody.has(text.slice(2)));
  let latestMs = 0;
  /** Different from those of an erasure before: newer events have come. */
  const nameOf = (text: string): string => {
    const key = text.startsWith('p:') && !nobody.has(text) ? text.slice(2) : text;
    let name = nobody.get(key) ?? '';
    if (name === '') nobody.set(key, (name = `erased:${latestMs}:${[...nobody.keys()].indexOf(key)}`));
    return name;
  };
  const isOwn = (event: StreamEvent): boolean =>
    keys.some(({ keyType, key }) => keyOf(event, keyType) === key || event[keyType === 'number' ? 'phone' : keyType] === key) ||
    stands(typeof event['person'] === 'string' ? event['person'] : '');
  const cleaned = (event: StreamEvent): StreamEvent => {
    let copy: (Record<string, Value | undefined> & Pick<StreamEvent, 'stream' | 'id' | 't'>) | undefined;
    for (const [name, value] of Object.entries(event))
      if (name !== 'id' && name !== 'stream' && typeof value === 'string' && stands(value)) (copy ??= { ...event })[name] = nameOf(value);
    return copy ?? event;
  };
  return (part) => {
    switch (part.kind) {
      case 'events':
        for (const { t } of part.events) latestMs = Math.max(latestMs, t);
        return { ...part, events: part.events.filter((event) => !isOwn(event)).map((event) => cleaned(event)) };
      case 'reference':
        return { ...part, records: part.records.flatMap((record) => withoutOwner(record, stands)) };
      case 'stamps':
        return { ...part, entries: part.entries.filter((entry) => entry.kind !== 'times' || !entry.key.split('\u0000').some(stands)) };
      case 'folded':
        return { ...part, sketches: part.sketches.filter(({ key }) => !key.split('\u0000').some(stands)) };
      case 'head':
        return { ...part, sessions: part.sessions.filter((phone) => !stands(phone)) };
      default:
        return part;
    }
  };
}

/** A phone or account stays without its owner; any other record about a key goes. */
function withoutOwner(record: Reference, stands: (text: string) => boolean): Reference[] {
  if (record.kind === 'phone' && !stands(record.phone))
    return [record.person !== null && stands(record.person) ? { ...record, person: null } : record];
  if (record.kind === 'acct' && !stands(record.acct))
    return [record.person !== null && stands(record.person) ? { ...record, person: null } : record];
  return Object.entries(record).some(([name, value]) => name !== 'id' && typeof value === 'string' && stands(value)) ? [] : [record];
}
