import {
  COMMON_FIELDS,
  SOURCES,
  STREAM_NAMES,
  type Field,
  type Reference,
  type StreamEvent,
  type StreamName,
  type Value,
} from '@skyeye/contracts';

const DAY_MS = 86_400_000;
const START_MS = 1_789_374_840_000;
/** Steps of time between events: ties, and the exact lengths of windows. */
const STEPS_MS = [
  0,
  0,
  0,
  1,
  1000,
  30_000,
  60_000,
  180_000,
  300_000,
  600_000,
  1_200_000,
  1_800_000,
  3_600_000,
  7_200_000,
  14_400_000,
  21_600_000,
  DAY_MS,
  DAY_MS - 1,
  DAY_MS + 1,
  2 * DAY_MS,
  7 * DAY_MS,
  30 * DAY_MS,
];
/** Amounts and durations around the bounds of the catalogue. */
const NUMBERS = [
  0, 1, 9, 10, 59, 60, 120, 300, 599, 600, 900, 1000, 30_000, 100_000, 200_000, 500_000, 500_001, 999_900, 1_000_000, 2_000_000, 4_980_000,
  5_000_000,
];

/** A small generator of numbers: the same seed, the same stream. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0;
  }

  below(n: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    let mixed = this.#state ^ (this.#state >>> 15);
    mixed = Math.imul(mixed, 0x2c1b3c6d);
    return ((mixed ^ (mixed >>> 13)) >>> 0) % n;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

const IDS: Readonly<Record<string, readonly string[]>> = {
  phone: ['n_1', 'n_2', 'n_3', '13800000001', '13800000031'],
  acct: ['a_1', 'a_2', 'a_3', 'a_4'],
  person: ['p_1', 'p_2', 'p_3'],
  device: ['d_1', 'd_2'],
  ip: ['i_1', 'i_2'],
};

export function valueOf(chance: Chance, field: Field, name: string): Value {
  switch (field.type) {
    case 'bool':
      return chance.below(3) > 0;
    case 'enum':
      return chance.pick(field.values);
    case 'str':
      return chance.pick(['371500', '371502', '110000', 'overseas', '']);
    case 'id':
      if (name === 'peer') return chance.pick([...(IDS['acct'] ?? []), ...(IDS['phone'] ?? [])]);
      return chance.pick(IDS[field.of] ?? [`${field.of}_1`, `${field.of}_2`, `${field.of}_3`]);
    default: {
      const scaled =
        field.type === 'num' && field.max <= 1
          ? chance.below(11) / 10
          : field.type === 'num'
            ? chance.pick(NUMBERS) / 7
            : chance.pick(NUMBERS);
      return Math.min(field.max, Math.max(field.min, scaled));
    }
  }
}

function eventAt(chance: Chance, stream: StreamName, t: number, id: string): StreamEvent {
  const event: Record<string, Value> & { stream: StreamName; id: string; t: number } = { stream, id, t };
  for (const [name, field] of Object.entries({ ...COMMON_FIELDS, ...SOURCES[stream].fields })) {
    const raw = field.origin === 'R' || name === 'phone' || name === 'acct';
    // Most stamps are the engine's own work; some come with the event.
    if (name === 'it' || chance.below(10) < (raw ? 1 : 8)) continue;
    if (name === 'start_t') event[name] = t - chance.pick(NUMBERS) * 1000;
    else event[name] = field.nullable && chance.below(20) === 0 ? null : valueOf(chance, field, name);
  }
  if (chance.below(3) === 0 && event['dir'] !== undefined) event['dir'] = 'out';
  return event;
}

export interface RandomStream {
  readonly references: readonly Reference[];
  readonly events: readonly StreamEvent[];
}

/** Streams with ties, gaps, repeated ids, late events, over few keys so that much happens to each. */
export function randomStream(seed: number, length: number, streams: readonly StreamName[] = STREAM_NAMES): RandomStream {
  const chance = new Chance(seed);
  const events: StreamEvent[] = [];
  let t = START_MS;
  const busy = chance.below(2) === 0;
  const weighted = [
    ...streams,
    ...(busy ? (['bank', 'pay', 'bank', 'call', 'call', 'cash', 'acct'] as const).filter((name) => streams.includes(name)) : []),
  ];
  for (let index = 0; index < length; index++) {
    t += chance.below(4) === 0 ? chance.pick(STEPS_MS) : chance.below(400_000);
    const late = chance.below(8) === 0 ? chance.pick(STEPS_MS) : 0;
    if (index > 3 && chance.below(25) === 0) events.push({ ...(events[chance.below(index)] as StreamEvent) });
    else
      events.push(
        eventAt(
          chance,
          chance.pick(weighted),
          t - late,
          `${chance.pick(['S1:', 'S9:', 'S1:\uFF5E', 'S1:\u{1F600}'])}${chance.below(1000)}:${index}`,
        ),
      );
  }
  return { references: referencesOf(chance), events };
}

function referencesOf(chance: Chance): Reference[] {
  const references: Reference[] = [];
  const always = { fromMs: 0, toMs: 4e12 };
  let n = 0;
  const id = (): string => `r${n++}`;
  for (const person of IDS['person'] ?? []) {
    if (chance.below(5) > 0)
      references.push({
        kind: 'person',
        id: id(),
        person,
        sex: 'f',
        bornYear: chance.pick([1950, 1960, 2003, 2012, null]),
        occ: chance.pick(['student', 'finance', 'retired', null]),
        liveAlone: chance.below(2) === 0,
        antifraudApp: chance.below(2) === 0,
        community: null,
        grid: null,
        lon: null,
        lat: null,
        ...always,
      });
  }
  for (const phone of IDS['phone'] ?? []) {
    if (chance.below(4) > 0)
      references.push({
        kind: 'phone',
        id: id(),
        phone,
        person: chance.pick([...(IDS['person'] ?? []), null]),
        lineKind: 'mobile',
        region: null,
        openedMs: START_MS - chance.pick([1, 100, 900]) * DAY_MS,
        ownerNumCnt: chance.below(9),
        iot: chance.below(4) === 0,
        fullView: chance.below(4) > 0,
        covered: (['app', 'im', 'rctl', 'callsig', 'loc', 'web'] as const).filter(() => chance.below(4) > 0),
        ...always,
      });
  }
  for (const acct of IDS['acct'] ?? []) {
    if (chance.below(5) > 0)
      references.push({
        kind: 'acct',
        id: id(),
        acct,
        person: chance.pick([...(IDS['person'] ?? []), null]),
        bank: 'ICBC',
        acctKind: chance.pick(['personal', 'corp', 'merchant', 'payacct']),
        acctClass: 'I',
        region: null,
        openedMs: START_MS - chance.pick([1, 60, 400]) * DAY_MS,
        fullView: chance.below(4) > 0,
        regionRisk: chance.below(4),
        ...always,
      });
  }
  references.push({ kind: 'kin', id: id(), person: 'p_1', kin: 'p_2', relation: null });
  references.push({ kind: 'payee', id: id(), acct: 'a_1', peer: 'a_2', dir: 'out', lastMs: START_MS - 10 * DAY_MS });
  references.push({ kind: 'contact', id: id(), phone: 'n_1', peer: 'n_2', lastMs: START_MS - 10 * DAY_MS });
  references.push({ kind: 'merchant', id: id(), merchant: 'merchant_1', openedMs: START_MS - 30 * DAY_MS });
  references.push({ kind: 'domain', id: id(), domain: 'domain_1', registeredMs: START_MS - 10 * DAY_MS });
  for (let index = 0; index < 6; index++)
    references.push({
      kind: 'history',
      id: id(),
      event: eventAt(chance, chance.pick(STREAM_NAMES), START_MS - chance.below(40) * DAY_MS, `H:${index}`),
    });
  return references;
}
