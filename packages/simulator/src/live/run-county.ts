import { join } from 'node:path';
import { appendFileSync, mkdirSync } from 'node:fs';
import type { County } from '@skyeye/contracts';
import { TOPICS } from '@skyeye/contracts';
import { demoCounty } from '@skyeye/geo';
import type { AnchoredClock, ClockAnchor } from '@skyeye/foundation';
import { metricTable, eventTable, type Telemetry } from '@skyeye/telemetry';
import { COUNTY_START_MS, REFERENCE_TOPIC, RESIDENTS_DEFAULT } from '../batch.ts';
import { errors } from '../errors.ts';
import { bulkImport } from '../import.ts';
import { makePopulation, type Population } from '../population.ts';
import type { Scams } from '../scripts/schedule.ts';
import { BankDesk } from './bank-desk.ts';
import { CountyCore } from './core.ts';
import { FieldForce } from './field-force.ts';
import { Lives } from './lives.ts';
import type { FieldAccount, FieldClient, HoldClient, RawMessage, RawSink } from './ports.ts';
import type { CountyIdentity, CountyStore } from './store.ts';

const logEvents = eventTable({
  CountyBegun: { level: 'info', says: 'A new simulated county begins; the first day’s import is being sent.' },
  CountyResumed: { level: 'info', says: 'The simulated county goes on where it was.' },
  ImportSent: { level: 'info', says: 'The first day’s import has been sent whole.' },
  CountyStopped: { level: 'error', says: 'The simulated county met a fault and stands still; restart it.' },
});
const metricEntries = metricTable({
  records: { kind: 'counter', name: 'simulator_records_sent_total', says: 'Raw records sent, doubles included.' },
  asks: {
    kind: 'counter',
    name: 'simulator_bank_questions_total',
    says: 'Answers to questions of the simulated banks.',
    labels: { outcome: ['allow', 'delay', 'hold', 'fuse', 'unreachable', 'refused'] },
  },
  steps: {
    kind: 'counter',
    name: 'simulator_field_steps_total',
    says: 'Steps of the simulated officers and grid workers.',
    labels: { step: ['accept', 'arrive', 'meet', 'report', 'refused', 'unreachable'] },
  },
});

export interface RunCountyOptions {
  readonly seed: number;
  /** County time per wall time, 1 to 600. */
  readonly speed: number;
  /** Default 20,000. */
  readonly residents?: number;
  /** Default dense. */
  readonly scams?: Scams;
  readonly county?: County;
  /** County time at which a new county begins. Default Wednesday 2026-09-16 15:00 Asia/Shanghai. */
  readonly startMs?: number;
  /** Followed by the county's anchors. Make it with an anchor that stands still before the start: `{ countyMs: 0, wallMs, speed: 0 }`. */
  readonly clock: AnchoredClock;
  readonly wallNowMs: () => number;
  readonly output: RawSink;
  /** Null: no bank asks, every payment goes. */
  readonly banks: HoldClient | null;
  /** Null: no simulated officers. */
  readonly field: FieldClient | null;
  readonly fieldAccounts?: readonly FieldAccount[];
  /** Accounts and units that humans play. */
  readonly humanUnits?: () => ReadonlySet<string>;
  readonly store: CountyStore;
  /** Folder for labels.jsonl; null: the truth is not written. */
  readonly labelsFolder: string | null;
  readonly telemetry: Telemetry;
  /** Records of the first day's import sent so far, and about how many there are. */
  readonly onProgress?: (sent: number, expected: number) => void;
  /** Awaited before county time begins to run: e.g. until the import has been folded. */
  readonly afterImport?: () => Promise<void>;
  readonly onAnchor?: (anchor: ClockAnchor) => void;
  /** Wall ms between two ticks. Default 200. */
  readonly tickMs?: number;
}

export interface RunningCounty {
  /** Resolves when the import is sent and county time runs. */
  readonly ready: Promise<void>;
  /** Resolves after close, rejects when the county met a fault. */
  readonly finished: Promise<void>;
  /**
   * Somebody outside the simulation has spoken with a person: a call of the command room, a visit by a human. Identity number or
   * phone in clear. False when it is no resident. Whether it helped shows in what the person does next, and nowhere else.
   */
  contact(of: { readonly person?: string | null; readonly phone?: string | null; readonly how: 'call' | 'visit' }): boolean;
  /** Identity number and phone of everybody who lives here: for who has to recognise them by something else. */
  identities(): readonly { readonly id: string; readonly phone: string | null }[];
  /** The operator is asked where a person's phone is (an open alert): `loc` records follow every two county minutes for an hour. False when it is no resident. */
  requestLocation(of: { readonly person?: string | null; readonly phone?: string | null }): boolean;
  /** 1 to 600. */
  setSpeed(speed: number): void;
  /** What the county is doing: for a status line. */
  status(): {
    readonly countyMs: number;
    readonly live: number;
    readonly onTheWay: number;
    readonly sent: number;
    readonly asking: number;
    readonly held: number;
  };
  close(): Promise<void>;
}

const SEND_MAX = 2000;
/** About how many import records a resident means; for progress only. */
const IMPORT_PER_RESIDENT = 26;
const ANCHOR_EVERY_MS = 2000;
/** Wall ms of living again after which others in the process get their turn. */
const RESTORE_SLICE_MS = 20;

/**
 * Runs a simulated county: its people live, banks ask, officers go, and county time follows. Goes on where it was when the
 * store knows it. Sends a batch at a time and waits for it: a slow sink makes records late, never lost.
 */
export function runCounty(options: RunCountyOptions): RunningCounty {
  return new SimulatedCounty(options);
}

class SimulatedCounty implements RunningCounty {
  readonly ready: Promise<void>;
  readonly finished: Promise<void>;
  readonly #o: RunCountyOptions;
  readonly #population: Population;
  readonly #byId = new Map<string, number>();
  readonly #core: CountyCore;
  readonly #desk: BankDesk | null;
  readonly #force: FieldForce | null;
  readonly #lives = new Lives();
  readonly #metrics;
  #speed: number;
  #sent = 0;
  #closing = false;
  #wake: () => void = () => undefined;
  #nextAnchorMs = 0;

  constructor(options: RunCountyOptions) {
    const {
      seed,
      residents = RESIDENTS_DEFAULT,
      scams = 'dense',
      county = demoCounty,
      startMs = COUNTY_START_MS,
      clock,
      telemetry,
      store,
      banks,
      field,
    } = options;
    this.#o = options;
    this.#speed = options.speed;
    const saved = store.load();
    const identity: CountyIdentity = saved?.identity ?? {
      seed,
      residents,
      scams,
      startMs,
      everyMs: Math.max(60_000, options.speed * 60_000),
    };
    if (identity.seed !== seed || identity.residents !== residents || identity.scams !== scams)
      throw errors.journalOfAnother({ seed: identity.seed, residents: identity.residents, scams: identity.scams });
    if (saved === null) store.begin(identity);
    const log = telemetry.log(logEvents);
    this.#metrics = telemetry.metrics(metricEntries);
    this.#population = makePopulation(seed, county, residents, identity.startMs);
    for (const resident of this.#population.residents) {
      this.#byId.set(resident.id, resident.index);
      if (resident.phone !== null) this.#byId.set(resident.phone, resident.index);
    }
    const nowMs = (): number => clock.nowMs();
    this.#desk =
      banks === null
        ? null
        : new BankDesk({
            seed,
            client: banks,
            nowMs,
            decided: saved?.decisions ?? [],
            onOutcome: (outcome) => this.#metrics.asks.add(1, { outcome }),
            persuades: (payment, atMs) => {
              const before = this.#lives.life(payment.resident, atMs);
              if (before.label !== 'fraud') return 'honest';
              if (before.stopped) return 'stopped_before';
              return this.#core.contact(payment.resident, 'counter', atMs).stopped ? 'given_up' : 'insists';
            },
          });
    this.#core = new CountyCore({
      population: this.#population,
      scams,
      everyMs: identity.everyMs,
      desk: this.#desk,
      lives: this.#lives,
      decisions: saved?.decisions ?? [],
      positionMs: saved?.positionMs ?? null,
      labels: this.#labels(options.labelsFolder),
    });
    this.#force =
      field === null
        ? null
        : new FieldForce({
            population: this.#population,
            accounts: options.fieldAccounts ?? [],
            client: field,
            human: options.humanUnits ?? (() => new Set()),
            wallNowMs: options.wallNowMs,
            nowMs,
            inPlay: (atMs) => this.#core.inPlay(atMs),
            contact: (resident, how, atMs) => this.#core.contact(resident, how, atMs),
            life: (resident, atMs) => this.#lives.life(resident, atMs),
            onStep: (step) => this.#metrics.steps.add(1, { step }),
          });
    if (saved?.positionMs == null) log.CountyBegun({ residents, seed });
    else log.CountyResumed({ residents, seed });
    const begun = this.#begin(saved?.imported === true, saved?.positionMs ?? identity.startMs, () =>
      log.ImportSent({ records: this.#sent }),
    );
    this.ready = begun;
    this.finished = begun
      .then(() => this.#loop())
      .catch((error: unknown) => {
        log.CountyStopped({}, error);
        throw error;
      });
  }

  #labels(folder: string | null): ((label: unknown) => void) | null {
    if (folder === null) return null;
    mkdirSync(folder, { recursive: true });
    return (label) => appendFileSync(join(folder, 'labels.jsonl'), `${JSON.stringify(label)}\n`);
  }

  async #begin(imported: boolean, fromMs: number, onImported: () => void): Promise<void> {
    const { store, afterImport, onProgress } = this.#o;
    // Before the first record: nobody who follows may take wall time for the county's. It stands until people live in it.
    await this.#send([this.#anchorMessage({ countyMs: fromMs, wallMs: this.#o.wallNowMs(), speed: 0 })]);
    const expected = this.#population.residents.length * IMPORT_PER_RESIDENT;
    let batch: RawMessage[] = [];
    const push = async (message: { key: string; record: unknown }): Promise<void> => {
      batch.push({ topic: REFERENCE_TOPIC, key: message.key, value: JSON.stringify(message.record) });
      if (batch.length < SEND_MAX) return;
      await this.#send(batch);
      batch = [];
      onProgress?.(this.#sent, expected);
    };
    if (!imported) {
      for (const message of bulkImport(this.#population)) {
        if (this.#closing) return;
        await push(message);
      }
    }
    // What scripts were before the county is sent once; after a restart it is only lived through again.
    for (const message of this.#core.begin()) if (!imported) await push(message);
    if (batch.length > 0) await this.#send(batch);
    if (!imported) {
      store.markImported();
      onImported();
      onProgress?.(this.#sent, this.#sent);
    }
    let lastYieldMs = performance.now();
    const living = this.#core.restore();
    while (living.next().done !== true) {
      if (performance.now() - lastYieldMs < RESTORE_SLICE_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      lastYieldMs = performance.now();
    }
    await afterImport?.();
    await this.#send([this.#anchorMessage(this.#anchor(fromMs))]);
  }

  #anchorMessage(anchor: ClockAnchor): RawMessage {
    return { topic: TOPICS.clock.name, key: 'county', value: JSON.stringify(anchor) };
  }

  async #send(messages: readonly RawMessage[]): Promise<void> {
    await this.#o.output.send(messages);
    this.#sent += messages.length;
    this.#metrics.records.add(messages.length);
  }

  #anchor(countyMs: number): ClockAnchor {
    const anchor = { countyMs, wallMs: this.#o.wallNowMs(), speed: this.#speed };
    this.#o.clock.follow(anchor);
    this.#o.onAnchor?.(anchor);
    this.#nextAnchorMs = anchor.wallMs + ANCHOR_EVERY_MS;
    return anchor;
  }

  async #loop(): Promise<void> {
    const { clock, store, wallNowMs, tickMs = 200 } = this.#o;
    while (!this.#closing) {
      const nowMs = clock.nowMs();
      this.#desk?.tick();
      this.#force?.tick();
      const delivered = this.#core.step(nowMs);
      // Decisions are durable before the records that follow from them leave.
      store.append([...(this.#desk?.takeNews() ?? []), ...this.#lives.takeNews()]);
      const messages: RawMessage[] = delivered.map(({ topic, key, record }) => ({ topic, key, value: JSON.stringify(record) }));
      if (wallNowMs() >= this.#nextAnchorMs) messages.unshift(this.#anchorMessage(this.#anchor(clock.nowMs())));
      for (let from = 0; from < messages.length; from += SEND_MAX) await this.#send(messages.slice(from, from + SEND_MAX));
      store.savePosition(nowMs);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, tickMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  contact(of: { readonly person?: string | null; readonly phone?: string | null; readonly how: 'call' | 'visit' }): boolean {
    const resident = this.#byId.get(of.person ?? '') ?? this.#byId.get(of.phone ?? '');
    if (resident === undefined) return false;
    this.#core.contact(resident, of.how, this.#o.clock.nowMs());
    return true;
  }

  identities() {
    return this.#population.residents.map(({ id, phone }) => ({ id, phone }));
  }

  requestLocation(of: { readonly person?: string | null; readonly phone?: string | null }): boolean {
    const resident = this.#byId.get(of.person ?? '') ?? this.#byId.get(of.phone ?? '');
    if (resident === undefined) return false;
    this.#core.requestLocation(resident, this.#o.clock.nowMs());
    return true;
  }

  setSpeed(speed: number): void {
    this.#speed = Math.min(600, Math.max(1, speed));
    this.#anchor(this.#o.clock.nowMs());
  }

  status() {
    return { countyMs: this.#o.clock.nowMs(), ...this.#core.counts, sent: this.#sent, ...(this.#desk?.counts ?? { asking: 0, held: 0 }) };
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#wake();
    await this.finished;
    await this.#force?.settled();
    await this.#desk?.settled();
    this.#o.store.append([...(this.#desk?.takeNews() ?? []), ...this.#lives.takeNews()]);
    this.#o.store.close();
  }
}
