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

const ACCOUNTS = ['a_1', 'a_2', 'a_3', 'a_4'] as const;
const GRID_STREAMS = [
  'call',
  'call',
  'sms',
  'bank',
  'bank',
  'bank',
  'pay',
  'acct',
  'app',
  'cash',
  'rctl',
  'web',
  'loan',
  'im',
  'shop',
  'parcel',
] as const;
const SUMS = [1000, 99_900, 300_000, 600_000, 1_000_000, 1_050_000, 2_000_000, 5_000_000] as const;

export interface RandomStream {
  readonly references: readonly Reference[];
  readonly events: readonly StreamEvent[];
}

/**
 * What a stream is like: `wide` has everything; `grid` too, at times that are whole windows apart; `money` moves sums around
 * among few accounts, both sides of each, with victims; `busy` does so through one account hundreds of times; `calls` dials
 * and opens sessions from one phone.
 */
export const PROFILES = ['wide', 'grid', 'money', 'calls', 'busy'] as const;
export type Profile = (typeof PROFILES)[number];

/** Streams with ties, gaps, repeated ids, late events, over few keys so that much happens to each. */
export function randomStream(seed: number, length: number, profile: Profile = 'wide'): RandomStream {
  const chance = new Chance(seed);
  const events: StreamEvent[] = [];
  let t = START_MS;
  const extra: readonly StreamName[] = chance.below(2) === 0 ? ['bank', 'pay', 'bank', 'call', 'call', 'cash', 'acct'] : [];
  const weighted = [...STREAM_NAMES, ...extra];
  const count = profile === 'busy' ? length + 240 : length;
  for (let index = 0; index < count; index++) {
    if (profile === 'grid')
      t += chance.pick([0, 0, 600_000, 600_000, 1_200_000, 1_800_000, 1_800_000, 3_600_000, 7_200_000, DAY_MS, DAY_MS, 7 * DAY_MS]);
    else if (profile === 'wide') t += chance.below(4) === 0 ? chance.pick(STEPS_MS) : chance.below(400_000);
    else t += profile === 'busy' ? chance.below(20_000) : chance.pick([0, 1000, 60_000, 300_000, 600_000, 1_800_000]);
    const late = chance.below(8) === 0 ? chance.pick(profile === 'grid' ? [1_800_000, 3_600_000] : STEPS_MS) : 0;
    const id = `${chance.pick(['S1:', 'S9:', 'S1:\uFF5E', 'S1:\u{1F600}'])}${chance.below(1000)}:${index}`;
    if (index > 3 && chance.below(25) === 0) events.push({ ...(events[chance.below(events.length)] as StreamEvent) });
    else if (profile === 'money' || profile === 'busy') events.push(...moneyAt(chance, t - late, id, profile === 'busy'));
    else if (profile === 'calls') events.push(callAt(chance, t - late, id));
    else if (profile === 'grid') events.push(atFewKeys(chance, eventAt(chance, chance.pick(GRID_STREAMS), t - late, id)));
    else events.push(eventAt(chance, chance.pick(weighted), t - late, id));
  }
  return { references: referencesOf(chance), events };
}

/** Nearly everything happens to two people, whose phones and accounts say who they are. */
function atFewKeys(chance: Chance, event: StreamEvent): StreamEvent {
  const few: Record<string, Value | undefined> = { person: null, phone: chance.pick(['n_1', 'n_3']), acct: chance.pick(['a_1', 'a_4']) };
  if (event.stream === 'bank' || event.stream === 'pay')
    Object.assign(few, { peer: chance.pick(['a_2', 'a_9']), st: 'ok', amt: chance.pick(SUMS), rel: null });
  if (event.stream === 'call') Object.assign(few, { peer: 'n_9', answered: true, dur_s: chance.pick([60, 300, 900]) });
  return { ...event, ...few };
}

/** A transfer as both sides report it, or what happens around one. */
function moneyAt(chance: Chance, t: number, id: string, busy: boolean): StreamEvent[] {
  const other = chance.below(12);
  if (other === 0) return [{ ...eventAt(chance, 'cash', t, id), ev: 'withdraw', acct: chance.pick(ACCOUNTS), amt: chance.pick(SUMS) }];
  if (other === 1) return [{ ...eventAt(chance, 'acct', t, id), ev: 'login', acct: chance.pick(ACCOUNTS) }];
  if (other === 2 && !busy)
    return [
      {
        ...eventAt(chance, 'intel', t, id),
        ev: chance.pick(['warn', 'black', 'unblack']),
        role: null,
        level: chance.below(4),
        person: chance.pick(IDS['person'] ?? []),
        acct: chance.pick(ACCOUNTS),
      },
    ];
  const [from, to] = [
    busy && chance.below(2) === 0 ? 'a_1' : chance.pick(ACCOUNTS),
    busy && chance.below(2) === 0 ? 'a_1' : chance.pick(ACCOUNTS),
  ];
  const amt = chance.pick(SUMS);
  const stream = chance.pick(['bank', 'pay'] as const);
  const both = { st: chance.below(9) === 0 ? 'fail' : 'ok', amt, txid: id, bal: chance.pick([0, 50_000, 5_000_000]) };
  const out: StreamEvent = { ...eventAt(chance, stream, t, `${id}:o`), ...both, dir: 'out', acct: from, peer: to };
  const credit: StreamEvent = {
    ...eventAt(chance, stream, t + chance.pick([0, 1000, 60_000]), `${id}:i`),
    ...both,
    dir: 'in',
    acct: to,
    peer: from,
  };
  return chance.below(6) === 0 ? [out] : [out, credit];
}

function callAt(chance: Chance, t: number, id: string): StreamEvent {
  const stream = chance.pick(['call', 'call', 'call', 'call', 'callsig', 'rctl', 'rctl'] as const);
  const event = eventAt(chance, stream, t, id);
  if (stream === 'rctl')
    return {
      ...event,
      phone: 'n_1',
      ev: chance.pick(['share_start', 'share_stop', 'remote_start', 'remote_stop']),
      sid: chance.pick(['s1', 's2', null]),
    };
  if (stream === 'callsig')
    return { ...event, phone: 'n_1', ev: chance.pick(['begin', 'begin', 'end']), sid: chance.pick(['s1', 's2', 's3']) };
  return { ...event, phone: 'n_1', dir: chance.below(5) === 0 ? 'in' : 'out', peer: `138000000${String(10 + chance.below(60))}` };
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
  // A number and an account that change hands in the middle.
  const changeMs = START_MS + chance.pick([1_800_000, 3_600_000, DAY_MS]);
  for (const [person, fromMs, toMs] of [
    ['p_1', 0, changeMs],
    ['p_3', changeMs, 4e12],
  ] as const) {
    references.push({
      kind: 'phone',
      id: id(),
      phone: 'n_3',
      person,
      lineKind: 'mobile',
      region: null,
      openedMs: fromMs,
      ownerNumCnt: 1,
      iot: false,
      fullView: true,
      covered: ['app', 'web'],
      fromMs,
      toMs,
    });
    references.push({
      kind: 'acct',
      id: id(),
      acct: 'a_4',
      person,
      bank: 'ICBC',
      acctKind: 'personal',
      acctClass: 'I',
      region: null,
      openedMs: fromMs,
      fullView: true,
      regionRisk: 1,
      fromMs,
      toMs,
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
