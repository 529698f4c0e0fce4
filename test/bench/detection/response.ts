import type { Level } from '@skyeye/contracts';
import { chanceOf, paceOf, type ClosedCounty } from '@skyeye/simulator/measured';
import type { Said } from './subject.ts';

const MIN_MS = 60_000;
const DAY_MS = 86_400_000;
const MERGE_MS = 72 * 3_600_000;
const RANK: Readonly<Record<Level, number>> = { P1: 4, P2: 3, P3: 2, P4: 1 };

/** First attempts to call, minutes after the alert (DOMAIN §1.2). */
const CALLS: Readonly<Record<Level, readonly number[]>> = { P1: [2, 4, 6, 10, 14, 20, 26, 32], P2: [10, 20, 30], P3: [120, 240], P4: [] };
/** Who is called and not engaged picks up an unknown number of the county this often. */
const PICKS_UP = 0.55;
/** A refused visit is repeated, once, after this. */
const AGAIN_MS = 90 * MIN_MS;

/** Per 500,000 residents a day: what a county can do (DOMAIN §1.9). */
export const VISITS_A_DAY = 15;
export const ROUNDS_A_DAY = 180;

/** An alert: the first level said of a person in 72 hours, as it rose. */
export interface Alert {
  readonly person: string;
  readonly createdMs: number;
  level: Level;
  /** When it first was P1 or P2. */
  urgentMs: number | null;
  scam: string | null;
  expectedLossFen: number;
  visited: boolean;
}

export interface ResponseOptions {
  readonly county: ClosedCounty;
  readonly seed: number;
  /** Scams are so many times as frequent as in life: so is what the county can do. */
  readonly times: number;
  readonly residentOf: ReadonlyMap<string, number>;
  /** How many visits of the crowded county one alert of this person stands for, in life: 1 for a victim, more for honest people. */
  readonly weightOf: (person: string) => number;
}

interface Duty {
  readonly atMs: number;
  readonly kind: 'call' | 'visit';
  readonly alert: Alert;
  readonly number: number;
}

/** The command room and its teams: calls at the times of DOMAIN §1.2, visits with their way, within what a day allows. */
export class Response {
  readonly alerts: Alert[] = [];
  readonly #o: ResponseOptions;
  readonly #open = new Map<string, Alert>();
  readonly #engaged = new Map<string, boolean>();
  readonly #met = new Set<Alert>();
  #duties: Duty[] = [];
  #day = -1;
  #visitsLeft = 0;
  #roundsLeft = 0;

  constructor(options: ResponseOptions) {
    this.#o = options;
  }

  take(said: Said, nowMs: number): void {
    this.#engaged.set(said.person, said.engaged);
    const known = this.#open.get(said.person);
    const alert =
      known !== undefined && nowMs - known.createdMs < MERGE_MS
        ? known
        : { person: said.person, createdMs: nowMs, level: said.level, urgentMs: null, scam: said.scam, expectedLossFen: 0, visited: false };
    const isNew = alert !== known;
    const raised = isNew || RANK[said.level] > RANK[alert.level];
    alert.expectedLossFen = Math.max(alert.expectedLossFen, said.expectedLossFen);
    alert.scam = said.scam ?? alert.scam;
    if (isNew) {
      this.#open.set(said.person, alert);
      this.alerts.push(alert);
    }
    if (!raised) return;
    alert.level = said.level;
    if (RANK[said.level] >= RANK.P2) alert.urgentMs ??= nowMs;
    this.#plan(alert, nowMs);
  }

  #plan(alert: Alert, nowMs: number): void {
    for (const [number, minutes] of CALLS[alert.level].entries())
      this.#duties.push({ atMs: nowMs + minutes * MIN_MS, kind: 'call', alert, number: RANK[alert.level] * 100 + number });
    if (alert.level === 'P4') return;
    // P1 is visited at once; P2 after the first call reached nobody; P3 on the grid worker's round.
    const pace = paceOf(
      { tier: alert.level === 'P3' ? 'grid' : 'officer', level: alert.level, etaMin: null },
      chanceOf(this.#o.seed, this.#o.residentOf.get(alert.person) ?? 0, RANK[alert.level]),
    );
    const afterMs = alert.level === 'P1' ? 0 : 10 * MIN_MS;
    this.#duties.push({ atMs: nowMs + afterMs + pace.takeMs + pace.roadMs + pace.doorMs, kind: 'visit', alert, number: RANK[alert.level] });
  }

  /** Does what is due. */
  step(nowMs: number): void {
    const day = Math.floor((nowMs + 8 * 3_600_000) / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      const share = (this.#o.county.population.residents.length / 500_000) * this.#o.times;
      this.#visitsLeft = VISITS_A_DAY * share;
      this.#roundsLeft = ROUNDS_A_DAY * share;
    }
    const due = this.#duties.filter(({ atMs }) => atMs <= nowMs).toSorted((a, b) => RANK[b.alert.level] - RANK[a.alert.level]);
    if (due.length === 0) return;
    this.#duties = this.#duties.filter(({ atMs }) => atMs > nowMs);
    for (const duty of due) this.#do(duty, nowMs);
  }

  #do({ kind, alert, number }: Duty, nowMs: number): void {
    const resident = this.#o.residentOf.get(alert.person);
    if (resident === undefined || this.#met.has(alert)) return;
    if (kind === 'call') {
      const picksUp = chanceOf(this.#o.seed, resident, 0xca11, number).chance(PICKS_UP);
      if (this.#engaged.get(alert.person) === true || !picksUp) return;
    } else if (!this.#isAffordable(alert)) return;
    else alert.visited = true;
    const { label, stopped, over } = this.#o.county.contact(resident, kind, nowMs);
    if (label !== 'fraud' || stopped || over) {
      // Who is found safe over the phone is still met where minutes count; everybody else is done with.
      if (kind === 'visit' || RANK[alert.level] < RANK.P2) this.#met.add(alert);
    } else if (kind === 'visit' && number < 10) this.#duties.push({ atMs: nowMs + AGAIN_MS, kind, alert, number: number + 10 });
  }

  /** P1 is always visited: no budget drops a case in which money can leave now. */
  #isAffordable(alert: Alert): boolean {
    const weight = this.#o.weightOf(alert.person);
    if (alert.level === 'P3') {
      this.#roundsLeft -= weight;
      return this.#roundsLeft + weight > 0;
    }
    this.#visitsLeft -= weight;
    return alert.level === 'P1' || this.#visitsLeft + weight > 0;
  }
}
