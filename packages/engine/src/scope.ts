import type { StreamEvent } from '@skyeye/contracts';
import { pairKey, type EntityType } from '@skyeye/language';

/** Streams that say something about a number as a caller; of calls only those it makes. */
const NUMBER_STREAMS = new Set(['call', 'goip', 'num', 'intel']);

/** The kinds of key in the catalogue and the index of events behind each. */
export const ENTITY_OF: Readonly<Record<string, EntityType>> = {
  person: 'person',
  phone: 'phone',
  number: 'phone',
  acct: 'acct',
  pair_aa: 'pair_acct',
  device: 'device',
  ip: 'ip',
  domain: 'domain',
  app: 'pkg',
  merchant: 'merchant',
  addr: 'addr',
  to_addr: 'to_addr',
};

/** The key of a kind that an event is about, or null (DOMAIN §4.1 rule 4). */
export function keyOf(event: StreamEvent, keyType: string): string | null {
  if (keyType === 'number') {
    const own = NUMBER_STREAMS.has(event.stream) && (event.stream !== 'call' || event['dir'] === 'out');
    return own ? text(event['phone']) : null;
  }
  if (keyType === 'pair_aa') {
    const acct = text(event['acct']);
    const peer = text(event['peer']);
    return acct === null || peer === null ? null : pairKey(acct, peer);
  }
  return text(event[keyType === 'app' ? 'pkg' : keyType]);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
