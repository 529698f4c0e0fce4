import type { StreamName } from '@skyeye/contracts';
import { DAY_MS, type Population, type Resident } from '../population.ts';
import { mix, Random } from '../random.ts';
import { HOUR_SHARES } from '../volumes.ts';
import type { Plan } from './plan.ts';
import { samplePlan } from './sample.ts';
import { scriptById, SCRIPTS, type Script } from './script.ts';

/**
 * realistic: 40 scams a day per million residents (DOMAIN §1.9: 10 to 20 P1/P2 a day in half a million) and ten times as many
 * hard negatives. dense: one payment about to be made per `everyMs`, the first after one `everyMs`, and half as many hard
 * negatives. none: ordinary life only. many (for training): like realistic, a hundred times as often.
 */
export type Scams = 'realistic' | 'dense' | 'many' | 'none';

const FRAUD_PER_DAY = 40e-6;
const BENIGN_PER_FRAUD = 10;
const HOUR_MS = 3_600_000;
const SHANGHAI_MS = 8 * HOUR_MS;
/** Longest script: romance, about 18 days before its last payment. */
export const SCRIPT_MAX_MS = 24 * DAY_MS;
/** Scripts whose first payment comes within hours of the first contact come all the time; the long ones while history can carry their beginning. */
const DENSE_LEAD_MS = 40 * HOUR_MS;
const DENSE_ORDER = [
  'svc',
  'gov',
  'credit',
  'svc',
  'brush',
  'gov',
  'loan',
  'svc',
  'elder',
  'gov',
  'boss',
  'svc',
  'romance',
  'credit',
  'shopping',
  'gov',
  'invest',
  'svc',
  'game',
  'cash_delivery',
  'mule_ring',
  'gov',
  'scam_caller',
] as const;
/** The earliest step before a first contact: a ring opens its cards 4,000 minutes ahead (data/scenarios.json). */
const MEASURED_LEAD_MS = 3 * DAY_MS;
const LONG = new Set(['romance', 'invest']);
const LONG_UNTIL = 400;
const REALISTIC_WEIGHTS: Readonly<Record<string, number>> = {
  brush: 28,
  invest: 12,
  svc: 16,
  gov: 6,
  loan: 9,
  boss: 4,
  romance: 4,
  shopping: 10,
  credit: 6,
  game: 5,
  elder: 2,
  cash_delivery: 2,
  mule_ring: 3,
  scam_caller: 3,
};

/** A script that only another province has is as frequent there as the fake customer service. */
const NEW_SCRIPT_WEIGHT = 16;
const weightOf = ({ id }: Script): number => REALISTIC_WEIGHTS[id] ?? NEW_SCRIPT_WEIGHT;

const FRAUD = SCRIPTS.filter((script) => script.label === 'fraud');
const BENIGN = SCRIPTS.filter((script) => script.label === 'benign');
interface Needed {
  readonly accounts: number;
  readonly wallet: boolean;
  readonly partner: boolean;
}
const NEEDED = new Map<string, Needed>(SCRIPTS.map((script) => [script.id, neededBy(script)]));
function neededBy(script: Script): Needed {
  const text = JSON.stringify(script.steps);
  const uses = (name: string): boolean =>
    text.includes(`"${name}"`) ||
    script.steps.some((step) => (step.do === 'acct' || step.do === 'cash') && step.p['acct'] === undefined && name === 'A1');
  return { accounts: uses('A2') ? 2 : uses('A1') ? 1 : 0, wallet: uses('W1'), partner: uses('A1') };
}
const NOBODY: ReadonlySet<number> = new Set();
const SHOWN: readonly StreamName[] = ['callsig', 'rctl', 'app'];

/** Keys of the plans: dense 2k and 2k+1, by hour from a base that dense never reaches. */
const HOURLY_BASE = 1_000_000_000;

export interface ScheduleOptions {
  readonly scams: Scams;
  /** County ms between two payments about to be made (dense). */
  readonly everyMs: number;
  /**
   * For measuring, with `many`: scams are so many times as frequent as in life and honest look-alikes twice as many as they;
   * nobody is in more than one script, and what ended before the county starts never was.
   */
  readonly times?: number | undefined;
  /** For measuring: of the hourly scripts only these take part, as many in all; the others never run. Default: all. */
  readonly only?: ReadonlySet<string> | undefined;
}

/** Which scripts run when, on whom. Everything about plan `key` follows from seed and key. */
export class Schedule {
  readonly #population: Population;
  readonly #options: ScheduleOptions;
  readonly #denseFromMs: number;
  readonly #taken = new Set<number>();
  readonly #frauds: readonly Script[];
  readonly #benign: readonly Script[];
  #denseNext = 0;
  #hourNext: number;

  /** Plans whose first contact lies before `fromMs` (start of the county less the longest script) are not made; dense ones whose moment lies before `denseFromMs` neither. */
  constructor(population: Population, options: ScheduleOptions, fromMs: number, denseFromMs = -Infinity) {
    this.#population = population;
    this.#options = options;
    this.#denseFromMs = denseFromMs;
    const takesPart = ({ id }: Script): boolean => options.only?.has(id) ?? true;
    this.#frauds = [...FRAUD, ...population.province.scripts.filter(({ label }) => label === 'fraud')].filter(takesPart);
    this.#benign = BENIGN.filter(takesPart);
    this.#hourNext = Math.floor(fromMs / HOUR_MS);
  }

  /** Plans that have to be known by `nowMs` and were not given before. */
  due(nowMs: number): Plan[] {
    if (this.#options.scams === 'none') return [];
    return this.#options.scams === 'dense' ? this.#dense(nowMs) : this.#hourly(nowMs);
  }

  #dense(nowMs: number): Plan[] {
    const plans: Plan[] = [];
    const { everyMs } = this.#options;
    const first = this.#population.startMs + everyMs;
    while (first + this.#denseNext * everyMs <= nowMs + DENSE_LEAD_MS || this.#denseNext < LONG_UNTIL) {
      const k = this.#denseNext++;
      if (first + (k + 1) * everyMs < this.#denseFromMs) continue;
      let id: string = DENSE_ORDER[k % DENSE_ORDER.length] ?? 'svc';
      if (LONG.has(id) && k >= LONG_UNTIL) id = k % 2 === 0 ? 'svc' : 'gov';
      const random = new Random(this.#population.seed, 0xb1, k);
      const momentMs = Math.round(first + (k + (k === 0 ? 0 : random.between(-0.15, 0.15))) * everyMs);
      const plan = this.#plan(2 * k, scriptById(id), momentMs, true);
      if (plan !== null) plans.push(plan);
      if (k % 2 === 1) {
        const benign = this.#plan(2 * k + 1, random.pick(BENIGN), Math.round(first + (k + random.next()) * everyMs), true);
        if (benign !== null) plans.push(benign);
      }
    }
    return plans;
  }

  #hourly(nowMs: number): Plan[] {
    const plans: Plan[] = [];
    const population = this.#population;
    const { times } = this.#options;
    const scale = population.residents.length * FRAUD_PER_DAY * (times ?? (this.#options.scams === 'many' ? 100 : 1));
    // A measured county knows its scripts ahead: what comes before the first contact arrives when it happens, not with it.
    const untilMs = nowMs + (times === undefined ? 0 : MEASURED_LEAD_MS);
    for (; this.#hourNext * HOUR_MS <= untilMs; this.#hourNext++) {
      const hour = this.#hourNext;
      const random = new Random(population.seed, 0xb2, hour);
      const local = Math.floor(((hour * HOUR_MS + SHANGHAI_MS) % DAY_MS) / HOUR_MS);
      const share = HOUR_SHARES[0]?.[local] ?? 0;
      const frauds = random.poisson(Math.min(25, scale * share));
      const benign = random.poisson(Math.min(25, scale * share * (this.#options.scams === 'many' ? 2 : BENIGN_PER_FRAUD)));
      for (let n = 0; n < frauds + benign; n++) {
        const script =
          n < frauds
            ? (this.#frauds[
                random.weighted(
                  this.#frauds.map(weightOf),
                  this.#frauds.reduce((sum, entry) => sum + weightOf(entry), 0),
                )
              ] ?? scriptById('brush'))
            : random.pick(this.#benign);
        const plan = this.#plan(HOURLY_BASE + hour * 64 + (n % 64), script, Math.round(hour * HOUR_MS + random.next() * HOUR_MS), false);
        if (plan !== null && (times === undefined || this.#isNew(plan))) plans.push(plan);
      }
    }
    return plans;
  }

  #isNew(plan: Plan): boolean {
    const { startMs } = this.#population;
    if (plan.t0Ms + (plan.steps.at(-1)?.offsetMs ?? 0) < startMs) return false;
    this.#taken.add(plan.victim.index);
    return true;
  }

  /** `timeMs` is the moment of the first payment (dense) or of the first contact. */
  #plan(key: number, script: Script, timeMs: number, byMoment: boolean): Plan | null {
    const isMeasured = this.#options.times !== undefined;
    const victim = chooseVictim(this.#population, key, script, {
      shown: byMoment,
      shard: (isMeasured ? mix(this.#population.seed, key) : key) % 64,
      taken: isMeasured ? this.#taken : NOBODY,
    });
    if (victim === null) return null;
    const draft = samplePlan({ population: this.#population, key, script, victim, t0Ms: timeMs });
    if (!byMoment) return draft;
    const t0Ms = timeMs - momentOf(draft);
    return t0Ms === timeMs ? draft : samplePlan({ population: this.#population, key, script, victim, t0Ms });
  }
}

/** Offset of the moment at which a bank could still hold what matters: the first payment of the person to a mule of 2,000 yuan or more, else the first payment, cash or call. */
function momentOf(plan: Plan): number {
  const out = plan.steps.filter(
    (step) =>
      step.act.kind === 'payment' && step.act.payment.from.person === plan.victim.id && step.act.payment.to.person !== plan.victim.id,
  );
  const large = out.find((step) => step.act.kind === 'payment' && (step.act.payment.yuan >= 2000 || step.act.payment.all > 0));
  const other =
    plan.steps.find((step) => step.act.kind === 'cash') ??
    plan.steps.find((step) => step.act.kind === 'payment') ??
    plan.steps.find((step) => step.act.kind === 'call');
  return (large ?? out[0] ?? other)?.offsetMs ?? 0;
}

function suits(resident: Resident, script: Script, strict: boolean, shown: boolean): boolean {
  const needed = NEEDED.get(script.id) ?? neededBy(script);
  const { age, occ, live_alone: alone } = script.victim;
  if (resident.phone === null) return false;
  if (
    resident.accounts.length < needed.accounts ||
    (needed.partner && resident.accounts[0]?.partner !== true) ||
    (needed.wallet && resident.wallet === null)
  )
    return false;
  if (age !== undefined ? resident.age < age[0] || resident.age > age[1] : resident.age < 18) return false;
  if (!strict) return true;
  if (shown && !SHOWN.every((stream) => resident.covered.includes(stream))) return false;
  return (occ === undefined || resident.occ === occ) && (alone === undefined || resident.liveAlone === alone);
}

/** Plans of neighbouring keys draw from different 64ths of the residents, so that a person is in one script at a time (nearly always). */
function chooseVictim(
  population: Population,
  key: number,
  script: Script,
  { shown, shard, taken }: { readonly shown: boolean; readonly shard: number; readonly taken: ReadonlySet<number> },
): Resident | null {
  const { residents } = population;
  const random = new Random(population.seed, 0xb3, key);
  for (const pass of [0, 1, 2]) {
    for (let tries = 0; tries < 400; tries++) {
      const index = pass < 2 ? Math.floor((random.next() * residents.length) / 64) * 64 + shard : random.int(0, residents.length - 1);
      const resident = residents[index];
      if (resident !== undefined && !taken.has(resident.index) && suits(resident, script, pass === 0, shown)) return resident;
    }
  }
  return null;
}
