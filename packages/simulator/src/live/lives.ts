import { mix, Random } from '../random.ts';
import type { Emission } from '../records.ts';
import { Instance } from '../scripts/instance.ts';
import { persuasionOf } from '../scripts/script.ts';
import type { Decision } from './store.ts';

/** What an officer who stands before the person finds out. */
export interface Life {
  /** Null: an ordinary person, nothing is going on. */
  readonly script: string | null;
  readonly label: 'fraud' | 'benign' | null;
  /** No money will go any more. */
  readonly stopped: boolean;
  /** It was over before anybody came. */
  readonly over: boolean;
  readonly lostFen: number;
}

const NOTHING: Life = { script: null, label: null, stopped: false, over: false, lostFen: 0 };

/**
 * The people who live through a script, by resident: an agent behind each. A contact stops them with the script's
 * probability; those who go on are a little easier to stop the next time.
 */
export class Lives {
  readonly #byResident = new Map<number, Instance[]>();
  readonly #byPlan = new Map<string, Instance>();
  readonly #contacts = new Map<string, number>();
  #news: Decision[] = [];

  add(instance: Instance): void {
    this.#byPlan.set(instance.plan.id, instance);
    const list = this.#byResident.get(instance.plan.victim.index);
    if (list === undefined) this.#byResident.set(instance.plan.victim.index, [instance]);
    else list.push(instance);
  }

  remove(instance: Instance): void {
    this.#byPlan.delete(instance.plan.id);
    this.#contacts.delete(instance.plan.id);
    const left = (this.#byResident.get(instance.plan.victim.index) ?? []).filter((other) => other !== instance);
    if (left.length === 0) this.#byResident.delete(instance.plan.victim.index);
    else this.#byResident.set(instance.plan.victim.index, left);
  }

  byPlan(id: string): Instance | undefined {
    return this.#byPlan.get(id);
  }

  countContact(plan: string): void {
    this.#contacts.set(plan, (this.#contacts.get(plan) ?? 0) + 1);
  }

  takeNews(): Decision[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  /** The script that matters now for a resident: a running scam before a benign one, the latest of them. */
  #present(resident: number, nowMs: number): Instance | undefined {
    const begun = (this.#byResident.get(resident) ?? []).filter((instance) => instance.plan.t0Ms <= nowMs);
    const rank = (instance: Instance): number => (instance.plan.script.label === 'fraud' ? 2 : 0) + (instance.state === 'running' ? 1 : 0);
    return begun.sort((a, b) => rank(b) - rank(a) || b.plan.t0Ms - a.plan.t0Ms)[0];
  }

  life(resident: number, nowMs: number): Life {
    const instance = this.#present(resident, nowMs);
    if (instance === undefined) return NOTHING;
    return {
      script: instance.plan.script.id,
      label: instance.plan.script.label,
      stopped: instance.state === 'stopped',
      over: instance.state === 'done',
      lostFen: instance.lostFen,
    };
  }

  /** Somebody of us speaks with the resident: who is convinced stops. Returns what is found. */
  contact(resident: number, how: 'counter' | 'call' | 'visit', atMs: number, out: (emitted: Emission) => void): Life {
    const instance = this.#present(resident, atMs);
    if (instance !== undefined && instance.plan.script.label === 'fraud' && instance.state === 'running') {
      const before = this.#contacts.get(instance.plan.id) ?? 0;
      this.countContact(instance.plan.id);
      this.#news.push({ d: 'contact', plan: instance.plan.id, at: atMs });
      const random = new Random(mix(instance.plan.key, 0xc0), before);
      if (random.chance(persuasionOf(instance.plan.script.id)[how] + 0.12 * before)) {
        instance.stop(atMs, out);
        this.#news.push({ d: 'stop', plan: instance.plan.id, at: atMs, by: how });
      }
    }
    return this.life(resident, atMs);
  }

  get size(): number {
    return this.#byPlan.size;
  }
}
