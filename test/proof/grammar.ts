import { languageSchema } from '@skyeye/catalogue';
import { LanguageError, streamsOf, type FieldType } from '@skyeye/language';
import type { Draw } from './draw.ts';
import { checked, streamsOfTriggers, type ProofFeature } from './proof-case.ts';

const KEYS = [
  'acct',
  'acct',
  'acct',
  'acct',
  'phone',
  'phone',
  'person',
  'person',
  'number',
  'pair_aa',
  'device',
  'ip',
  'domain',
  'app',
  'merchant',
  'addr',
  'to_addr',
] as const;
/** The field of an event that holds a key of the kind; pairs have `peer` besides. */
const FIELD_OF: Readonly<Record<string, string>> = { number: 'phone', pair_aa: 'acct', app: 'pkg' };
const POOLS = [
  'fund',
  'bank',
  'pay',
  'call',
  'tel',
  'sms',
  'cash',
  'acct',
  'rctl',
  'app',
  'web',
  'im',
  'shop',
  'parcel',
  'loan',
  'intel',
  'num',
  'goip',
  'callsig',
  'loc',
  'popev',
] as const;
/** What a caller may be, and what a number is evaluated for. */
const NUMBER_TRIGGERS = new Set(['call', 'goip', 'num', 'intel']);
const LENGTHS = ['1s', '1m', '10m', '30m', '1h', '2h', '24h', '7d', '31d', '187d', '365d'] as const;
const NUMBERS = ['0', '1', '2', '3', '10', '60', '600', '0.5', '1.5'] as const;
const AMOUNTS = ['0y', '1y', '999y', '5000y', '10000y', '50000y'] as const;
/** Words that identifiers and texts have in the streams of the proof. */
export const ID_WORDS = ['a_1', 'a_2', 'a_3', 'n_1', 'n_2', 'p_1', 'x_1', 'x_2'] as const;
export const TEXT_WORDS = ['overseas', 'r_1'] as const;
/** Functions that read one series of events. */
const SERIES = [
  'count',
  'since',
  'days',
  'gapcv',
  'distinct',
  'distinct',
  'topcount',
  'topshare',
  'entropy',
  'sum',
  'sum',
  'avg',
  'min',
  'max',
  'std',
  'incrun',
  'incrun',
  'last',
  'first',
  'q',
  'nearcount',
  'seqdial',
  'burst',
  'alt',
  'openfor',
] as const;
const ALWAYS = new Set(['id', 't', 'it']);

const isNumeric = ({ type }: FieldType): boolean => type === 'int' || type === 'num' || type === 'fen' || type === 'ms';
const isWord = ({ type }: FieldType): boolean => type === 'id' || type === 'enum' || type === 'str';

/** The fields that all streams behind a name have, with their type. */
function fieldsOf(stream: string): [string, FieldType][] {
  const streams = (streamsOf(languageSchema, stream) ?? []).map((name) => languageSchema.streams[name] ?? {});
  return Object.entries(streams[0] ?? {}).filter(([name]) => streams.every((fields) => Object.hasOwn(fields, name)) && name !== 'it');
}

function carries(stream: string, key: string): boolean {
  const names = fieldsOf(stream).map(([name]) => name);
  return names.includes(FIELD_OF[key] ?? key) && (key !== 'pair_aa' || names.includes('peer'));
}

/** A series: what a function reads. Two of one series have one unit, so they can be added and compared. */
type Series = (windowed: { readonly window: string; readonly selector: (stream: string) => string }) => string;

/** Writes random formulas that mean something: the grammar, with the types kept in mind. */
export class FormulaWriter {
  readonly #draw: Draw;
  readonly #key: string;
  readonly #streams: readonly string[];
  readonly #triggers: ProofFeature['triggers'];
  readonly #current: ReadonlyMap<string, FieldType>;

  constructor(draw: Draw, key: string, streams: readonly string[], triggers: ProofFeature['triggers']) {
    this.#draw = draw;
    this.#key = key;
    this.#streams = streams;
    this.#triggers = triggers;
    this.#current = new Map(streamsOfTriggers(triggers).flatMap((stream) => fieldsOf(stream)));
  }

  /** A formula that the checker takes. What it refuses is drawn anew: a unit that has no name, an ordered word. */
  formula(): string {
    for (let attempt = 0; attempt < 20; attempt++) {
      const text = this.#draw.oneIn(3) ? this.#truth(2) : this.#number(2);
      try {
        checked({ formula: text, triggers: this.#triggers });
        return text;
      } catch (error) {
        if (!(error instanceof LanguageError)) throw error;
      }
    }
    return `count(${this.#streams[0]}, 24h)`;
  }

  #truth(depth: number): string {
    const draw = this.#draw;
    const inner = (): string => this.#truth(depth - 1);
    if (depth > 0 && draw.oneIn(3))
      return draw.pick([() => `(${inner()} && ${inner()})`, () => `(${inner()} || ${inner()})`, () => `!(${inner()})`])();
    return draw.pick([
      () => `exists(${this.#selector()}, ${this.#window()})`,
      () => this.#sequence(),
      () => this.#sequence(),
      () => this.#openCall('open'),
      () => `known(${this.#number(depth - 1)})`,
      () => `known(cur.${draw.pick([...this.#current.keys()])})`,
      () => `dim.${draw.pick(['live_alone', 'antifraud_app', 'corp', 'full_view'])}`,
      () => `dim.occ == ${draw.pick(['student', 'finance'])}`,
      () => this.#word(),
      () => this.#word(),
      () => draw.pick(['true', 'null', 'false']),
      () => `${this.#number(depth - 1)} ${draw.pick(['>=', '<=', '>', '<', '==', '!='])} ${draw.pick(NUMBERS)}`,
      () => this.#compared(depth),
      () => this.#compared(depth),
      () => this.#elsewhere(() => `exists(${this.#selector(this.#draw.pick(['fund', 'bank', 'acct']))}, ${this.#window()})`) ?? inner0(),
    ])();
    function inner0(): string {
      return 'true';
    }
  }

  #compared(depth: number): string {
    const series = this.#series();
    return `${this.#of(series, depth)} ${this.#draw.pick(['>=', '<', '==', '!='])} ${this.#of(series, depth)}`;
  }

  /** A word that a function gives, compared. */
  #word(): string {
    const draw = this.#draw;
    const stream = draw.pick(this.#streams);
    const fields = fieldsOf(stream).filter(([, type]) => isWord(type));
    if (fields.length === 0) return 'false';
    const [field, type] = draw.pick(fields);
    const read = (): string => `${draw.pick(['last', 'first'])}(${this.#selector(stream)}.${field}, ${this.#window()})`;
    const sign = draw.pick(['==', '!=']);
    if (draw.oneIn(3)) return `${read()} ${sign} ${read()}`;
    if (draw.oneIn(3) && this.#current.get(field)?.type === type.type) return `${read()} ${sign} cur.${field}`;
    if (draw.oneIn(3)) return `coalesce(${read()}, ${read()}) ${sign} ${wordFor(draw, type)}`;
    return `${read()} ${sign} ${wordFor(draw, type)}`;
  }

  #number(depth: number): string {
    const draw = this.#draw;
    if (depth > 0 && draw.oneIn(12)) return `b2i(${this.#truth(depth - 1)})`;
    if (depth > 0 && draw.oneIn(10)) {
      const series = this.#series();
      return `${this.#of(series, depth)} / ${draw.pick([this.#of(series, depth), draw.pick(NUMBERS), '1h'])}`;
    }
    if (draw.oneIn(14)) return `dim.${draw.pick(['age', 'black', 'acct_age_d', 'owner_num_cnt', 'num_age_d'])}`;
    if (draw.oneIn(14)) {
      const numbers = [...this.#current].filter(([, type]) => isNumeric(type));
      if (numbers.length > 0) return `cur.${draw.pick(numbers)[0]}`;
    }
    if (draw.oneIn(10)) return this.#elsewhere(() => this.#graph()) ?? this.#of(this.#series(), depth);
    return this.#of(this.#series(), depth);
  }

  /** The formula for the other account of the current event. */
  #elsewhere(body: () => string): string | undefined {
    const field = this.#draw.pick(['peer', 'acct', 'rphone', 'phone', 'device', 'person']);
    if (this.#current.get(field)?.type !== 'id') return undefined;
    const type = field === 'rphone' ? 'phone' : field === 'peer' ? 'acct' : field;
    if (type === 'acct') return `of(acct=cur.${field}, ${body()})`;
    return `of(${type}=cur.${field}, count(${this.#selector()}, ${this.#window()}))`;
  }

  /** A calculation over values of one unit. */
  #of(series: Series, depth: number): string {
    const draw = this.#draw;
    const leaf = (): string => series({ window: this.#window(), selector: (stream) => this.#selector(stream) });
    if (depth <= 0 || draw.below(5) < 3) return leaf();
    const inner = (): string => this.#of(series, depth - 1);
    return draw.pick([
      () => `(${inner()} + ${inner()})`,
      () => `(${inner()} - ${inner()})`,
      () => `if(${this.#truth(depth - 1)}, ${inner()}, ${draw.pick([inner(), 'null', '0'])})`,
      () => `max2(${inner()}, ${draw.pick([inner(), draw.pick(NUMBERS)])})`,
      () => `min2(${inner()}, ${draw.pick([inner(), draw.pick(NUMBERS)])})`,
      () => `coalesce(${inner()}, ${draw.pick([inner(), '7'])})`,
      () => `abs(${inner()} - ${inner()})`,
      () => `-(${inner()})`,
      () => `${draw.pick(NUMBERS)} * ${inner()}`,
    ])();
  }

  #series(): Series {
    const draw = this.#draw;
    const stream = draw.pick(this.#streams);
    const fields = fieldsOf(stream);
    const number = (): string => draw.pick(fields.filter(([name, type]) => isNumeric(type) && name !== 't'))[0];
    const any = (): string => draw.pick(fields.filter(([name]) => !ALWAYS.has(name)))[0];
    const money = this.#key === 'acct' && !draw.oneIn(3);
    if (money) return () => this.#graph();
    const field = draw.oneIn(2) ? any() : number();
    const numeric = number();
    const other = draw.pick(this.#streams);
    const gap = draw.pick(LENGTHS);
    const digits = draw.pick(fields.filter(([name, type]) => (type.type === 'id' && name !== 'id') || type.type === 'str'))[0];
    const name = draw.pick(SERIES);
    return ({ window, selector }) => {
      switch (name) {
        case 'count':
        case 'since':
        case 'days':
        case 'gapcv':
          return `${name}(${selector(stream)}, ${window})`;
        case 'distinct':
        case 'topcount':
        case 'topshare':
        case 'entropy':
          return `${name}(${selector(stream)}.${field}, ${window})`;
        case 'seqdial':
          return `seqdial(${selector(stream)}.${digits}, ${window})`;
        case 'q':
          return `q(${selector(stream)}.${numeric}, ${draw.pick(['0', '0.5', '0.9', '1'])}, ${window})`;
        case 'nearcount':
          return `nearcount(${selector(stream)}.${numeric}, ${draw.pick(['0', '0.1', '0.5'])}, ${window})`;
        case 'burst':
          return `burst(${selector(stream)}, ${gap}, ${window})`;
        case 'alt':
          return `alt(${selector(stream)}, ${selector(other)}, ${window})`;
        case 'openfor':
          return this.#openCall('openfor');
        default:
          return `${name}(${selector(stream)}.${numeric}, ${window})`;
      }
    };
  }

  /** Over the money of an account. */
  #graph(): string {
    const draw = this.#draw;
    const w = draw.pick(['10m', '1h', '2h', '24h', '7d', '31d']);
    const hops = (): number => 1 + draw.below(4);
    const ratio = draw.pick(['0.5', '0.8', '1', '0.99']);
    return draw.pick([
      () => `fifo_share(${draw.pick(LENGTHS)}, ${this.#window()})`,
      () => `fifo_med(${this.#window()})`,
      () => `hops_black(${hops()}, ${w})`,
      () => `hops_victim(${hops()}, ${w})`,
      () => `depth(${hops()}, ${draw.pick(['1m', '10m', '1h'])}, ${ratio}, ${w})`,
      () => `taint(${hops()}, ${w})`,
      () => `scatter_gather(${w})`,
      () => `cycle(${1 + hops()}, ${ratio}, ${w})`,
      () => `copayee(${w})`,
      () => `shared_black(${draw.pick(['device', 'ip'])}, ${w})`,
    ])();
  }

  #openCall(name: 'open' | 'openfor'): string {
    const draw = this.#draw;
    const stream = draw.pick(this.#streams);
    const other = draw.oneIn(3) ? draw.pick(this.#streams) : stream;
    const names = new Map(fieldsOf(other));
    const shared = fieldsOf(stream).filter(([field, { type }]) => names.get(field)?.type === type && !ALWAYS.has(field));
    const field = shared.length === 0 ? 'phone' : draw.pick(shared)[0];
    return `${name}(${this.#selector(stream)}, ${this.#selector(other)}, ${field}, ${this.#window()})`;
  }

  #sequence(): string {
    const draw = this.#draw;
    const length = 2 + draw.below(3);
    let before = draw.pick(this.#streams);
    let text = `seq(${this.#window()}, ${this.#selector(before)}`;
    for (let index = 1; index < length; index++) {
      const stream = draw.oneIn(2) ? before : draw.pick(this.#streams);
      text += `, ${draw.pick(LENGTHS.slice(0, 8))}, ${this.#selector(stream, before)}`;
      before = stream;
    }
    return `${text})`;
  }

  #window(): string {
    const draw = this.#draw;
    const at = draw.below(LENGTHS.length);
    const length = LENGTHS[at] as string;
    if (draw.oneIn(8)) return `${length}-`;
    if (draw.oneIn(8)) return `${LENGTHS[Math.max(1, at)]}~${LENGTHS[draw.below(Math.max(1, at))]}`;
    if (draw.oneIn(12)) return `${1 + draw.below(5)}wd`;
    const times = [...this.#current].filter(([, { type }]) => type === 'ms').map(([name]) => name);
    return draw.oneIn(12) && times.length > 0 ? `@cur.${draw.pick(times)}` : length;
  }

  #selector(stream: string = this.#draw.pick(this.#streams), before?: string): string {
    return this.#draw.oneIn(4) ? stream : `${stream}[${this.#filter(stream, 2, before)}]`;
  }

  #filter(stream: string, depth: number, before: string | undefined): string {
    const draw = this.#draw;
    if (depth > 0 && draw.oneIn(2)) {
      const inner = (): string => this.#filter(stream, depth - 1, before);
      return draw.pick([() => `${inner()} & ${inner()}`, () => `(${inner()} | ${inner()})`, () => `!(${inner()})`])();
    }
    // Directions are in most filters of the catalogue.
    const all = fieldsOf(stream).filter(([name]) => !ALWAYS.has(name));
    const dir = all.find(([name]) => name === 'dir');
    const [field, type] = dir !== undefined && draw.oneIn(3) ? dir : draw.pick(all);
    const joined = before === undefined ? undefined : new Map(fieldsOf(before)).get(field);
    if (joined?.type === type.type && draw.oneIn(2))
      return `${field} ${isNumeric(type) ? draw.pick(['=', '!=', '>', '<=']) : draw.pick(['=', '!='])} prev.${field}`;
    if (this.#current.get(field)?.type === type.type && draw.oneIn(4))
      return `${field} ${isNumeric(type) ? draw.pick(['=', '!=', '>=', '<']) : draw.pick(['=', '!='])} cur.${field}`;
    if (type.type === 'bool') return draw.pick([field, `!${field}`, `${field}=true`, `${field}!=true`, `${field}=false`]);
    if (isNumeric(type)) {
      const value = (): string => (type.type === 'fen' ? draw.pick(AMOUNTS) : draw.pick(NUMBERS));
      if (draw.oneIn(6)) return `${field} in {${value()}, ${value()}}`;
      return `${field} ${draw.pick(['=', '!=', '>=', '<=', '>', '<'])} ${value()}`;
    }
    if (draw.oneIn(3)) return `${field} in {${wordFor(draw, type)}, ${wordFor(draw, type)}}`;
    return `${field} ${draw.pick(['=', '!='])} ${wordFor(draw, type)}`;
  }
}

function wordFor(draw: Draw, type: FieldType): string {
  if (type.type === 'enum') return draw.pick(type.values ?? ['none']);
  return type.type === 'id' ? draw.pick(ID_WORDS) : draw.pick(TEXT_WORDS);
}

/** A catalogue: features over few streams, so that much happens to each. Names the streams, too. */
export function randomFeatures(draw: Draw): { readonly features: readonly ProofFeature[]; readonly streams: readonly string[] } {
  const money = draw.oneIn(2);
  const pool = money
    ? ['fund', draw.pick(['bank', 'fund', 'cash', 'acct']), draw.pick(['acct', 'cash', ...POOLS])]
    : [draw.pick(POOLS), draw.pick(POOLS), draw.pick(POOLS)];
  // Sessions are what the clock ticks for.
  if (!money && draw.oneIn(4)) pool.splice(0, 2, 'callsig', 'rctl');
  const features: ProofFeature[] = [];
  const wanted = 2 + draw.below(5);
  for (let attempt = 0; features.length < wanted && attempt < 60; attempt++) {
    const key = money && !draw.oneIn(4) ? 'acct' : draw.pick(KEYS);
    const fitting = pool.filter((stream) => carries(stream, key));
    const starts = key === 'number' ? fitting.filter((stream) => NUMBER_TRIGGERS.has(stream)) : fitting;
    if (starts.length === 0) continue;
    const stream = draw.pick(starts);
    const directed = fieldsOf(stream).some(([name]) => name === 'dir');
    const resolved = streamsOf(languageSchema, stream) ?? [];
    const dir = directed && draw.oneIn(2) ? draw.pick(['in', 'out']) : null;
    const triggers = resolved.map((name) => ({ stream: name, dir }));
    const second = draw.pick(starts);
    if (second !== stream && !resolved.includes(second))
      triggers.push(
        ...(streamsOf(languageSchema, second) ?? [])
          .filter((name) => !resolved.includes(name))
          .map((name) => ({ stream: name, dir: null })),
      );
    const formula = new FormulaWriter(draw, key, [...fitting], triggers).formula();
    features.push({ key, triggers, timer: key === 'phone' && draw.oneIn(3), formula });
  }
  if (features.length === 0)
    features.push({ key: 'person', triggers: [{ stream: 'call', dir: null }], timer: false, formula: 'count(call, 1h)' });
  const streams = [...new Set([...pool, 'call'].flatMap((name) => streamsOf(languageSchema, name) ?? []))];
  return {
    features,
    streams: features.length === 1 ? streams : [...new Set(pool.flatMap((name) => streamsOf(languageSchema, name) ?? []))],
  };
}
