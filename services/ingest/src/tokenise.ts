import {
  COMMON_FIELDS,
  ID_KINDS,
  REFERENCE_IDS,
  SOURCES,
  type IdKind,
  type RawReference,
  type Reference,
  type StreamEvent,
  type StreamName,
  type Value,
} from '@skyeye/contracts';

/** Identifiers to tokens: a keyed one-way function, the same for the same identifier. */
export interface Tokens {
  token(kind: IdKind, clear: string): string;
  /** A number of `callee` that says nothing but its distance to others that the same caller dialled on the same local day. */
  dial(caller: string, callee: string, tMs: number): number | null;
}

/** What the vault must be able to give back. */
export interface Sighting {
  readonly token: string;
  readonly kind: IdKind;
  readonly clear: string;
  readonly profile?: { readonly name: string | null; readonly address: string | null };
}

const idFields = new Map<StreamName, readonly (readonly [string, IdKind])[]>();

function idsOf(stream: StreamName): readonly (readonly [string, IdKind])[] {
  const known = idFields.get(stream);
  if (known !== undefined) return known;
  const found: [string, IdKind][] = [];
  for (const [name, field] of [...Object.entries(COMMON_FIELDS), ...Object.entries(SOURCES[stream].fields)]) {
    if (field.type === 'id' && ID_KINDS[field.of].personal) found.push([name, field.of]);
  }
  idFields.set(stream, found);
  return found;
}

/** Replaces every personal identifier of an event by its token and reports each one to the vault's list. */
export function tokeniseEvent(event: StreamEvent, tokens: Tokens, seen: Sighting[]): StreamEvent {
  const out: Record<string, Value | undefined> & { stream: StreamName; id: string; t: number } = { ...event };
  for (const [name, kind] of idsOf(event.stream)) {
    const clear = event[name];
    if (typeof clear !== 'string') continue;
    const token = tokens.token(kind, clear);
    seen.push({ token, kind, clear });
    out[name] = token;
  }
  if (event.stream === 'call' && event['dir'] === 'out' && typeof event['phone'] === 'string' && typeof event['peer'] === 'string') {
    out['dial'] = tokens.dial(event['phone'], event['peer'], event.t);
  }
  return out;
}

/** A reference record with tokens; a resident's name and address stay behind for the vault. */
export function tokeniseReference(record: Exclude<RawReference, { kind: 'history' }>, tokens: Tokens, seen: Sighting[]): Reference {
  const out: Record<string, unknown> = { ...record };
  for (const [name, kind] of Object.entries(REFERENCE_IDS[record.kind])) {
    const clear = out[name];
    if (typeof clear !== 'string' || !ID_KINDS[kind].personal) continue;
    const token = tokens.token(kind, clear);
    out[name] = token;
    const named = record.kind === 'person' && name === 'person' ? { profile: { name: record.name, address: record.address } } : {};
    seen.push({ token, kind, clear, ...named });
  }
  delete out['name'];
  delete out['address'];
  out['id'] = referenceIdOf(record.id, tokens);
  return out as Reference;
}

/** Registers like to number their records by the account or phone itself: such a run of digits becomes a token too (invariant 8). */
export function referenceIdOf(id: string, tokens: Pick<Tokens, 'token'>): string {
  return id.replaceAll(/\d{11,}X?/g, (run) => tokens.token('acct', run));
}

/** The key of an event on `events`: one entity's events keep their order. */
export function keyOf(event: StreamEvent): string {
  for (const name of ['acct', 'phone', 'person', 'device', 'domain', 'pkg']) {
    const value = event[name];
    if (typeof value === 'string') return value;
  }
  return event.id;
}

/** The key of a reference record: its first identifier. */
export function referenceKeyOf(record: Reference): string {
  if (record.kind === 'history') return keyOf(record.event);
  const first = Object.keys(REFERENCE_IDS[record.kind])[0] ?? 'id';
  return String((record as unknown as Record<string, unknown>)[first]);
}
