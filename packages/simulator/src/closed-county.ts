import { demoCounty } from '@skyeye/geo';
import type { StreamName } from '@skyeye/contracts';
import { COUNTY_START_MS, REFERENCE_TOPIC } from './batch.ts';
import type { Delivered } from './delivery.ts';
import { bulkImport, type ReferenceMessage } from './import.ts';
import { labelOf, type Label } from './label.ts';
import { CountyCore } from './live/core.ts';
import { Lives, type Life } from './live/lives.ts';
import type { Payment } from './payment.ts';
import { DAY_MS, makePopulation, type Population, type Resident } from './population.ts';
import { provinceOf, type ProvinceName } from './province.ts';
import { Random } from './random.ts';
import type { Adversary } from './scripts/adversary.ts';
import type { Emission } from './records.ts';
import { Instance, type Gate, type GateAnswer, type PaidOut } from './scripts/instance.ts';

/** A person's life as it went, and as it would have gone had nobody stepped in. */
export interface Case {
  readonly label: Label;
  readonly resident: Resident;
  /** Payments to mules and cash given away, nobody stepping in. */
  readonly wouldLose: readonly PaidOut[];
  /** First answered call of each callee from a number of the script: county ms at which it ends, in order. */
  readonly reachedMs: readonly number[];
  /** Accounts of the script that take money of several payers: when each payer's first payment arrives. */
  readonly paidIn: readonly { readonly account: string; readonly atMs: readonly number[] }[];
}

export interface ClosedCountyOptions {
  readonly seed: number;
  readonly residents: number;
  readonly days: number;
  /** Scams are so many times as frequent as in life. */
  readonly times: number;
  readonly province: ProvinceName;
  /** Of the scripts only these take part; default: all. */
  readonly only?: ReadonlySet<string>;
  /** Share of phones with call signalling. */
  readonly signalling?: number;
  /** Sources that deliver nothing from the start on. */
  readonly silent?: ReadonlySet<StreamName>;
  readonly adversary?: Adversary;
  /** What the bank says to a payment; `wait` until it is decided. */
  readonly gate: (payment: Payment) => GateAnswer;
}

const always: Gate = (_step, _payment, dueMs) => ({ kind: 'go', atMs: dueMs });

/**
 * A county without wall time in which others step in: brought forward by `step`, its payments wait for the bank, and whom
 * somebody speaks with may stop. The same options and the same steps from outside give the same county.
 */
export class ClosedCounty {
  readonly population: Population;
  readonly startMs = COUNTY_START_MS;
  readonly endMs: number;
  readonly #core: CountyCore;
  readonly #lives: Lives;
  readonly #instances: Instance[] = [];
  readonly #silent: ReadonlySet<string>;

  constructor({ seed, residents, days, times, province, only, signalling, silent, adversary, gate }: ClosedCountyOptions) {
    const here = provinceOf(province);
    this.population = makePopulation(seed, demoCounty, residents, COUNTY_START_MS, {
      province: here,
      ...(signalling === undefined ? {} : { signalling }),
    });
    this.endMs = this.startMs + days * DAY_MS;
    this.#silent = new Set([...(silent ?? [])].map((stream) => `raw.${stream}`));
    const instances = this.#instances;
    this.#lives = new (class extends Lives {
      override add(instance: Instance): void {
        instances.push(instance);
        super.add(instance);
      }
    })();
    this.#core = new CountyCore({
      population: this.population,
      scams: 'many',
      everyMs: 600_000,
      times,
      only,
      desk: { gate, known: () => undefined },
      lives: this.#lives,
      decisions: [],
      positionMs: null,
      labels: null,
      adversary,
    });
  }

  /** The first day's import, to be taken first. */
  *import(): Generator<Delivered> {
    const { missing } = this.population.province;
    const delivered = ({ key, record }: ReferenceMessage): Delivered[] =>
      record.kind === 'history' && missing.includes(record.stream)
        ? []
        : [{ topic: REFERENCE_TOPIC, key, record, arrivalMs: this.startMs }];
    for (const message of bulkImport(this.population)) yield* delivered(message);
    for (const message of this.#core.begin()) yield* delivered(message);
  }

  /** What reaches us up to `nowMs` and did not before. */
  step(nowMs: number): Delivered[] {
    const delivered = this.#core.step(nowMs);
    return this.#silent.size === 0 ? delivered : delivered.filter(({ topic }) => !this.#silent.has(topic));
  }

  /** Somebody of us speaks with a resident. */
  contact(resident: number, how: 'counter' | 'call' | 'visit', atMs: number): Life {
    return this.#core.contact(resident, how, atMs);
  }

  life(resident: number, atMs: number): Life {
    return this.#lives.life(resident, atMs);
  }

  cases(): Case[] {
    return this.#instances.map((instance) => caseOf(instance));
  }
}

function caseOf(instance: Instance): Case {
  const { plan } = instance;
  const alone = new Instance(plan);
  const emitted: Emission[] = [];
  alone.advance(Infinity, (record) => void emitted.push(record), always);
  const callers = new Set(plan.callers);
  const reached = new Map<string, number>();
  const payers = new Map<string, Map<string, number>>();
  for (const { stream, record } of emitted) {
    if (stream === 'call' && record['answered'] === true && callers.has(String(record['caller'])) && Number(record['dur_s']) >= REACHED_S) {
      const callee = String(record['callee']);
      reached.set(callee, Math.min(reached.get(callee) ?? Infinity, record.t));
    }
    if (stream !== 'bank' || record['dir'] !== 'in') continue;
    const own = payers.get(String(record['acct'])) ?? new Map<string, number>();
    own.set(String(record['peer']), Math.min(own.get(String(record['peer'])) ?? Infinity, record.t));
    payers.set(String(record['acct']), own);
  }
  const earliest = (times: Iterable<number>): number[] => [...times].toSorted((a, b) => a - b);
  return {
    label: labelOf(instance),
    resident: plan.victim,
    wouldLose: alone.lost,
    reachedMs: earliest(reached.values()),
    paidIn: [...payers]
      .filter(([account, from]) => from.size > 1 && [...plan.roles.values()].some(({ no, mule }) => mule && no === account))
      .map(([account, from]) => ({ account, atMs: earliest(from.values()) })),
  };
}

/** Shorter answered calls of a caller who works through a list reach nobody. */
const REACHED_S = 10;

/** A generator of its own for what happens outside the county, split from its seed by a name and a number. */
export const chanceOf = (seed: number, ...path: readonly number[]): Random => new Random(seed, 0xc105ed, ...path);
