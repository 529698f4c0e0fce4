import type { StreamName } from '@skyeye/contracts';
import { MEETING_APP } from '../everyday.ts';
import { DAY_MS, type Population, type Resident } from '../population.ts';
import { Random } from '../random.ts';
import { callRecord, emission, fundRecords, type Emission, type Party, type RawValue } from '../records.ts';
import { Cast, type Act, type Plan, type PlannedCall, type PlannedStep } from './plan.ts';
import type { Parameter, Script, ScriptStep } from './script.ts';

const MIN_MS = 60_000;

/** Draws a value: a range uniformly (whole numbers where both ends are whole), one of `any`, else as it stands. */
function draw(random: Random, value: Parameter): string | number | boolean {
  if (Array.isArray(value))
    return Number.isInteger(value[0]) && Number.isInteger(value[1]) ? random.int(value[0], value[1]) : random.between(value[0], value[1]);
  if (typeof value === 'object') return random.pick(value.any);
  return value;
}
const number = (random: Random, value: number | readonly [number, number]): number =>
  Number(draw(random, typeof value === 'number' ? value : [value[0], value[1]]));

/** Apps, domains and merchants of one gang are used against many people. */
const gangName = (name: string, key: number): string =>
  name === 'meet' ? MEETING_APP : name === 'fzapp' ? 'cn.gov.antifraud' : `com.${name}.v${key % 7}`;

/**
 * Samples a script for one resident: the same key, script and resident give the same plan. Follows the note in
 * data/scenarios.json: `gap` minutes after the previous step (or the one named by `after`), `at` from the start.
 */
export function samplePlan(of: { population: Population; key: number; script: Script; victim: Resident; t0Ms: number }): Plan {
  const { population, key, script, victim, t0Ms } = of;
  const random = new Random(population.seed, 0xa0, key);
  const cast = new Cast({ population, script, key, victim, random, t0Ms });
  const [least, most] = population.province.script_amounts;
  const amounts = least === most ? least : Math.exp(new Random(population.seed, 0xa1, key).between(Math.log(least), Math.log(most)));
  const steps: PlannedStep[] = [];
  const marks = new Map<string, number>();
  const push = (offsetMs: number, act: Act): void => {
    steps.push({ index: steps.length, offsetMs: Math.round(offsetMs), act });
  };
  for (const name of script.pre_accts) cast.role(name);
  // Some of the accounts that the money goes on to are known to the county: two per gang, the rest stay in the dark.
  if (script.launder !== undefined) for (const name of ['L0', 'L1']) cast.role(name);
  let previous = 0;
  for (const [position, step] of script.steps.entries()) {
    if (random.next() > (step.prob ?? 1)) continue;
    const count = step.repeat === undefined ? 1 : number(random, step.repeat.n);
    let t = step.after === undefined ? previous : (marks.get(step.after) ?? previous);
    let growth = 1;
    for (let k = 0; k < count; k++) {
      if (k === 0 && step.at !== undefined) t = number(random, step.at) * MIN_MS;
      else t += number(random, k === 0 ? step.gap : (step.repeat?.gap ?? [5, 20])) * MIN_MS;
      const p: Record<string, string | number | boolean> = {};
      for (const [name, value] of Object.entries(step.p)) {
        const drawn = draw(random, value);
        p[name] = typeof drawn === 'string' ? drawn.replaceAll('#', String(k)) : drawn;
      }
      if (typeof p['yuan'] === 'number') p['yuan'] *= growth * amounts;
      t = act({ population, key, victim, cast, random, push, t0Ms, position }, step, p, t, k);
      growth *= step.repeat?.grow === undefined ? 1 : number(random, step.repeat.grow);
    }
    if (step.id !== undefined) marks.set(step.id, t);
    previous = t;
  }
  steps.sort((a, b) => a.offsetMs - b.offsetMs || a.index - b.index);
  const history = pastOf({ population, script, victim, cast, random, t0Ms, key });
  return {
    key,
    id: cast.id,
    script,
    victim,
    t0Ms,
    steps,
    roles: cast.roles,
    callers: cast.callers,
    references: cast.references,
    history,
  };
}

interface Context {
  readonly population: Population;
  readonly key: number;
  readonly victim: Resident;
  readonly cast: Cast;
  readonly random: Random;
  readonly push: (offsetMs: number, act: Act) => void;
  readonly t0Ms: number;
  /** Of the step in the script. */
  readonly position: number;
}
type Drawn = Readonly<Record<string, string | number | boolean>>;

/** Adds one step to the plan and returns the time that the next one counts from. */
function act(c: Context, step: ScriptStep, p: Drawn, t: number, k: number): number {
  const { cast, victim, random, push } = c;
  const phone = victim.phone ?? '';
  const text = (name: string, fallback: string): string => String(p[name] ?? fallback);
  const fen = Math.round(Number(p['yuan'] ?? 0)) * 100;
  const fixedId = `${cast.id}.${c.position}.${k}`;
  const record =
    (stream: StreamName, entity: string, fields: Record<string, RawValue>) =>
    (tMs: number): Emission[] => [emission(stream, entity, { id: fixedId, t: tMs, ...fields })];
  switch (step.do) {
    case 'call': {
      const hint = { kind: text('kind', 'mobile'), ageDays: Number(p['age_d'] ?? 15), region: text('region', '440300') };
      const durationS = Number(p['dur'] ?? 0);
      const call: PlannedCall = {
        id: fixedId,
        caller: cast.party(text('from', 'UNK'), hint),
        callee: cast.party(text('to', 'PV'), hint),
        durationS,
        answered: p['answered'] !== false,
        spoof: p['spoof'] === true,
        conf: p['conf'] === true,
      };
      push(t, { kind: 'call', call });
      if (call.answered) push(t + durationS * 1000, { kind: 'hangUp', call });
      return step.wait ? t + durationS * 1000 : t;
    }
    case 'bank':
    case 'pay': {
      const wallet = step.do === 'pay';
      const hint = {
        wallet,
        kind: text('payee_kind', wallet ? 'payacct' : 'personal'),
        ageDays: Number(p['payee_age'] ?? 800),
        region: text('region', '371526'),
      };
      const from = cast.role(text('from', 'A1'), { wallet });
      const to = cast.role(text('to', 'MU'), hint);
      const stream = from.kind === 'payacct' || to.kind === 'payacct' || wallet ? 'pay' : 'bank';
      push(t, {
        kind: 'payment',
        payment: {
          from,
          to,
          yuan: Number(p['yuan'] ?? 0),
          all: Number(p['all'] ?? 0),
          digits: Number(p['nd'] ?? 0),
          stream,
          scene: text('scene', stream === 'pay' ? 'p2p' : 'transfer'),
          purpose: text('purpose', 'none'),
          chan: text('chan', 'mobile'),
          payroll: p['purpose'] === 'salary',
        },
      });
      return t;
    }
    case 'fan_in': {
      const to = cast.role(text('to', 'A1'));
      for (let z = 0; z < Number(p['n']); z++) {
        const from = cast.role(`P${z}`, { wallet: p['kind'] === 'pay', region: p['wide'] === true ? cast.region() : '371526' });
        push(t + z * Number(p['every_min'] ?? 5) * MIN_MS, {
          kind: 'payment',
          payment: {
            from,
            to,
            yuan: Number(p['yuan']) * random.between(0.6, 1.4),
            all: 0,
            digits: Number(p['nd'] ?? 0),
            stream: p['kind'] === 'pay' ? 'pay' : 'bank',
            scene: text('scene', p['kind'] === 'pay' ? 'p2p' : 'transfer'),
            purpose: 'none',
            chan: 'mobile',
            payroll: false,
          },
        });
      }
      return t;
    }
    case 'many_calls':
      manyCalls(c, step, p, t, fixedId);
      return t;
    case 'acct': {
      const role = cast.role(text('acct', 'A1'));
      const gang = p['device'] === 'devGang';
      const person = p['person'] === undefined || p['person'] === 'V' ? victim.id : cast.outsider(text('person', ''));
      const amount = p['yuan'] === undefined ? null : fen;
      push(t, {
        kind: 'records',
        ...(p['ev'] === 'deposit_break' ? { credit: { role, fen } } : {}),
        make: record('acct', role.no, {
          acct: role.no,
          person,
          phone: gang ? null : phone,
          device: gang ? `gang${c.key}` : victim.imei,
          ev: text('ev', 'login'),
          bank: role.bank,
          klass: 'I',
          agent: p['agent'] === true,
          amt: amount,
          ip: gang ? `100.64.${c.key % 250}.1` : `10.${victim.town}.${victim.household % 250}.${victim.index % 250}`,
          ip_region: text('ip_region', '371526'),
          emu: p['emu'] === true,
          addr: null,
          rphone: gang ? null : phone,
        }),
      });
      return t;
    }
    case 'cash': {
      const role = cast.role(text('acct', 'A1'));
      const make = record('cash', role.no, {
        acct: role.no,
        person: role.person ?? victim.id,
        ev: text('ev', 'withdraw'),
        amt: fen,
        chan: text('chan', 'atm'),
        terminal: `${text('terminal', 't1')}-${victim.town}`,
        region: text('region', '371526'),
        bal: null,
      });
      push(t, p['ev'] === 'withdraw' ? { kind: 'cash', role, fen, make } : { kind: 'records', make });
      return t;
    }
    case 'loan': {
      const credit = cast.roles.get('A1');
      push(t, {
        kind: 'records',
        ...(p['ev'] === 'disburse' && credit !== undefined ? { credit: { role: credit, fen } } : {}),
        make: record('loan', victim.id, { person: victim.id, phone, ev: text('ev', 'apply'), lender: `LN${c.key % 5}${k}`, amt: fen }),
      });
      return t;
    }
    case 'rctl': {
      const ev = text('ev', 'share_start');
      const share = ev === 'share_start' ? { share: 'start' as const } : ev === 'share_stop' ? { share: 'stop' as const } : {};
      push(t, {
        kind: 'records',
        ...share,
        make: record('rctl', phone, {
          phone,
          device: victim.imei,
          ev,
          sid: `${cast.id}.${text('sid', 's1')}`,
          tool: gangName(text('tool', 'meet'), c.key),
          peer_region: p['peer_region'] === undefined ? null : text('peer_region', ''),
          in_bank: p['in_bank'] === true,
        }),
      });
      return t;
    }
    case 'intel': {
      const role = cast.role(text('obj', 'MX1'));
      push(t, {
        kind: 'records',
        make: record('intel', role.no, {
          phone: null,
          acct: role.no,
          person: null,
          device: null,
          domain: null,
          pkg: null,
          ev: 'black',
          level: Number(p['level'] ?? 2),
          role: 'mule',
          result: 'none',
          scam: 'mule_ring',
        }),
      });
      return t;
    }
    default:
      push(t, { kind: 'records', make: record(step.do, step.do === 'shop' ? victim.id : phone, plainFields(c, step.do, p, k, fen)) });
      return t;
  }
}

/** Fields of the streams that simply report what the person did. */
function plainFields(
  c: Context,
  stream: 'im' | 'app' | 'shop' | 'sms' | 'loc' | 'num' | 'web' | 'parcel',
  p: Drawn,
  k: number,
  fen: number,
): Record<string, RawValue> {
  const { victim, cast, key } = c;
  const phone = victim.phone ?? '';
  const text = (name: string): string | null => (p[name] === undefined ? null : String(p[name]));
  switch (stream) {
    case 'im':
      return {
        phone,
        person: victim.id,
        ev: text('ev') ?? 'add_friend',
        peer: `im${key % 9973}`,
        group: p['group'] === undefined ? null : `${String(p['group'])}.${key % 97}`,
        level: Number(p['level'] ?? 0),
        acct_age_d: p['acct_age_d'] === undefined ? null : Number(p['acct_age_d']),
        deepfake: p['deepfake'] === true,
      };
    case 'app':
      return {
        phone,
        device: victim.imei,
        ev: text('ev') ?? 'open',
        pkg: gangName(text('pkg') ?? 'app', key),
        store: p['store'] !== false,
        cat: text('cat') ?? 'other',
        perm: text('perm') ?? 'none',
      };
    case 'shop':
      return {
        person: victim.id,
        phone,
        ev: text('ev') ?? 'pay',
        amt: p['yuan'] === undefined ? null : fen,
        merchant: `${text('merchant') ?? 'm1'}.${key % 13}`,
        cat: text('cat') ?? 'general',
        seller_age_d: p['ev'] === 'offplatform' ? 12 : 900,
      };
    case 'sms':
      return {
        phone,
        dir: 'in',
        peer: text('peer') ?? `1069${1000 + k}`,
        port: text('port') ?? 'a2p',
        cls: text('cls') ?? 'other',
        has_url: p['has_url'] === true,
        domain: domainOf(c, p),
      };
    case 'loc':
      return {
        phone,
        ev: text('ev') ?? 'cell',
        poi: text('poi') ?? 'other',
        cell: victim.cell,
        region: text('region') ?? '371526',
        risk_area: p['risk_area'] === true,
      };
    case 'num':
      return {
        phone,
        person: victim.id,
        ev: text('ev') ?? 'open',
        chan: 'online',
        owner: p['owner'] === 'X' ? cast.outsider('X') : victim.id,
      };
    case 'web':
      return {
        phone,
        device: victim.imei,
        domain: domainOf(c, p),
        cat: text('cat') ?? 'normal',
        submit: p['submit'] === true,
        bytes_up: p['submit'] === true ? 900 : 120,
        icp: false,
      };
    case 'parcel':
      return {
        phone,
        person: victim.id,
        ev: text('ev') ?? 'send',
        cat: text('cat') ?? 'other',
        alone: p['alone'] === true,
        to_addr: `${text('to_addr') ?? 'x'}.${key % 977}`,
        to_region: text('to_region') ?? '371526',
        decl: null,
      };
  }
}

function domainOf(c: Context, p: Drawn): string | null {
  if (p['domain'] === undefined) return null;
  const domain = `${String(p['domain'])}-${c.key % 7}.example`;
  if (p['dom_age_d'] !== undefined && !c.cast.references.some((entry) => entry.entity === domain))
    c.cast.references.push({
      entity: domain,
      record: { id: `rd${domain}.${c.key}`, kind: 'domain', domain, registeredMs: c.t0Ms - Number(p['dom_age_d']) * DAY_MS },
    });
  return domain;
}

/** A caller who works through a list: each call is a step of its own. */
function manyCalls(c: Context, step: ScriptStep, p: Drawn, t: number, id: string): void {
  const { cast, random, population } = c;
  const caller = cast.party(String(p['from']), {
    kind: String(p['kind'] ?? 'mobile'),
    ageDays: Number(p['age_d'] ?? 400),
    region: String(p['region'] ?? '371526'),
  });
  const durations = step.p['durs'] ?? [5, 40];
  const base = 10_000_000 + (c.key % 80_000) * 1000;
  for (let z = 0; z < Number(p['n']); z++) {
    const resident = p['seq'] === true ? undefined : population.residents[random.int(0, population.residents.length - 1)];
    const callee: Party =
      resident?.phone == null
        ? {
            number: `165${String(base + z * Number(p['step'] ?? 7)).padStart(8, '0')}`,
            kind: 'mobile',
            region: '371526',
            signalling: false,
          }
        : { number: resident.phone, kind: 'mobile', cell: resident.cell, imei: resident.imei, region: '371526', signalling: false };
    const answered = random.chance(Number(p['ans'] ?? 0.5));
    const facts = { id: `${id}.${z}`, durationS: Number(draw(random, durations)), answered, ringS: 8 };
    const from = { ...caller, cell: 'cA', imei: `86900000000${c.key % 10}${String(z % Number(p['imeis'] ?? 1)).padStart(3, '0')}` };
    const jitter = p['jit'] === false ? 0 : random.between(-0.45, 0.45);
    push(c, t + (z + jitter) * Number(p['every_s'] ?? 60) * 1000, (tMs) => [callRecord({ ...facts, startMs: tMs }, from, callee)]);
  }
}
const push = (c: Context, offsetMs: number, make: (tMs: number) => Emission[]): void => c.push(offsetMs, { kind: 'records', make });

/** What is known of honest callers and sellers from before: calls and receipts of the last month. */
function pastOf(of: {
  population: Population;
  script: Script;
  victim: Resident;
  cast: Cast;
  random: Random;
  t0Ms: number;
  key: number;
}): Emission[] {
  const { population, script, victim, cast, random, t0Ms, key } = of;
  const list: Emission[] = [];
  for (const name of script.hist_callers) {
    const caller = cast.parties.get(name);
    if (caller === undefined) continue;
    for (let n = 0; n < 40; n++) {
      const callee = population.residents[random.int(0, population.residents.length - 1)];
      if (callee?.phone == null) continue;
      list.push(
        callRecord(
          { id: `${cast.id}.hc${n}`, startMs: t0Ms - random.int(2, 30) * DAY_MS, durationS: 20, answered: true, ringS: 6 },
          { ...caller, signalling: false },
          { number: callee.phone, kind: 'mobile', region: '371526', signalling: false },
        ),
      );
    }
  }
  const card = cast.roles.get('A1');
  for (let n = 0; n < script.hist_fan_in * 12 && card !== undefined; n++) {
    const fen = Math.round(random.between(3000, 40_000));
    const payer = {
      no: `2099${String(key % 10_000).padStart(4, '0')}${String(n % 25).padStart(8, '0')}`,
      bank: 'ALIPAY',
      kind: 'payacct',
      region: '371526',
      balFen: null,
      seen: false,
    };
    list.push(
      ...fundRecords(
        {
          txid: `${cast.id}.hf${n}`,
          tMs: t0Ms - random.int(2, 60) * DAY_MS,
          amtFen: fen,
          stream: 'pay',
          scene: 'p2p',
          chan: 'qr',
          purpose: 'none',
        },
        payer,
        { no: card.no, bank: card.bank, kind: card.kind, region: '371526', balFen: null, seen: true, device: victim.imei },
      ),
    );
  }
  return list;
}
