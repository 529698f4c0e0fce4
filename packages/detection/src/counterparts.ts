import type { Counterpart, StreamEvent, SubjectKind } from '@skyeye/contracts';
import { RecentMap } from './recent-map.ts';

/** Payees and callers of whom it is remembered who paid or was called. */
const SUBJECTS_MAX = 50_000;
/** Of each the newest so many. */
const EACH_MAX = 20;
/** A shorter call reached nobody. */
const REACHED_S = 10;

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The account or number that an event of somebody else names, with what it says of the two. */
export interface Met {
  readonly kind: SubjectKind;
  readonly key: string;
  readonly with: Counterpart;
}

/**
 * Whom an event meets: the payee of a payment to a stranger, the stranger on the line; of an account's own credits, who paid. Null for
 * what has no such side. Licensed merchants are paid by everybody and are none, nor is who
 * pays a salary.
 */
export function metBy(event: StreamEvent): Met | null {
  const { stream } = event;
  const peer = text(event['peer']);
  if (peer === null || event['stranger'] === false) return null;
  const person = text(event['person']);
  if (stream === 'bank' || stream === 'pay') {
    const acct = text(event['acct']);
    if (acct === null || event['live'] === false || event['peer_kind'] === 'merchant' || event['payroll'] === true) return null;
    const amountFen = typeof event['amt'] === 'number' ? event['amt'] : null;
    if (event['dir'] === 'out') return { kind: 'account', key: peer, with: { key: acct, person, t: event.t, amountFen } };
    return { kind: 'account', key: acct, with: { key: peer, person: null, t: event.t, amountFen } };
  }
  if (event['dir'] !== 'in') return null;
  const phone = text(event['phone']);
  const isReached =
    (stream === 'callsig' && event['ev'] === 'begin') ||
    (stream === 'call' && event['answered'] === true && Number(event['dur_s']) >= REACHED_S);
  return phone === null || !isReached ? null : { kind: 'number', key: peer, with: { key: phone, person, t: event.t, amountFen: null } };
}

/** Who paid an account or was reached by a number lately. In memory, bounded. */
export class Counterparts {
  readonly #of = new RecentMap<readonly Counterpart[]>(SUBJECTS_MAX);

  /** True when somebody new stands beside it. */
  add({ kind, key, with: one }: Met): boolean {
    const name = `${kind}/${key}`;
    const known = this.#of.get(name) ?? [];
    const same = known.find((other) => other.key === one.key);
    const merged = same === undefined ? one : { ...one, t: Math.max(one.t, same.t), person: one.person ?? same.person };
    this.#of.set(name, [merged, ...known.filter((other) => other !== same)].slice(0, EACH_MAX));
    return same === undefined;
  }

  /** Those since a time, the newest first. */
  since(kind: SubjectKind, key: string, fromMs: number): readonly Counterpart[] {
    return (this.#of.get(`${kind}/${key}`) ?? []).filter(({ t }) => t >= fromMs).toSorted((a, b) => b.t - a.t || (a.key < b.key ? -1 : 1));
  }

  sweep(beforeMs: number): void {
    for (const [name, list] of this.#of.entries()) if (list.every(({ t }) => t < beforeMs)) this.#of.delete(name);
  }

  state(): readonly (readonly [string, readonly Counterpart[]])[] {
    return this.#of.entries();
  }

  restore(entries: readonly (readonly [string, readonly Counterpart[]])[]): void {
    this.#of.restore(entries);
  }
}
