import { bilingual, RULE_SHARE_MAX, type RuleListed, type RuleStep } from '@skyeye/contracts';
import type { Bilingual } from '@skyeye/contracts';

/** What the console shows of an entry; an entry of another release may lack some of it. */
export interface RuleEntry {
  readonly name: Bilingual;
  readonly level: string;
  readonly owner: string;
  readonly when: string;
  readonly unless: string | null;
  readonly says: Bilingual | null;
  readonly scams: readonly string[];
  readonly subject: string;
  readonly examples: number;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function entryOf({ id, entry }: Pick<RuleListed, 'id' | 'entry'>): RuleEntry {
  const known = (typeof entry === 'object' && entry !== null ? entry : {}) as Readonly<Record<string, unknown>>;
  const name = bilingual.safeParse(known['name']);
  const says = bilingual.safeParse(known['reason']);
  return {
    name: name.success ? name.data : { zh: id, en: id },
    level: text(known['level']),
    owner: text(known['owner']),
    when: text(known['when']),
    unless: text(known['unless']) || null,
    says: says.success ? says.data : null,
    scams: Array.isArray(known['scams']) ? known['scams'].map(text) : [],
    subject: text(known['subject']),
    examples: Array.isArray(known['examples']) ? known['examples'].length : 0,
  };
}

/** Persons a day for whom a rule may hold at most, to be approved: as the ledger has it. */
export const limitOf = (persons: number): number => Math.max(1, Math.floor(persons * RULE_SHARE_MAX));

/** A rule with all its versions that are not retired: the live one, and the newest that is on its way. */
export interface RuleRow {
  readonly id: string;
  readonly entry: RuleEntry;
  readonly live: RuleListed | null;
  readonly pending: RuleListed | null;
}

/** How far a version has come; further ones wait for somebody. */
const ORDER = ['approved', 'shadow', 'backtested', 'checked', 'draft'];

/** One row for each rule: those on their way first, the furthest on top; then by name. */
export function rowsOf(versions: readonly RuleListed[]): RuleRow[] {
  const byId = new Map<string, RuleListed[]>();
  for (const version of versions) byId.set(version.id, [...(byId.get(version.id) ?? []), version]);
  const rank = ({ pending }: RuleRow): number => (pending === null ? ORDER.length : ORDER.indexOf(pending.state));
  return [...byId]
    .flatMap(([id, all]): RuleRow[] => {
      const live = all.find(({ state }) => state === 'live') ?? null;
      const pending = all.filter(({ state }) => state !== 'live' && state !== 'retired').at(-1) ?? null;
      const shown = pending ?? live;
      return shown === null ? [] : [{ id, entry: entryOf(shown), live, pending }];
    })
    .toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

export type RuleFilter = 'all' | 'pending' | 'shadow' | 'live';

export function matches({ id, entry, live, pending }: RuleRow, filter: RuleFilter, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  const found = wanted === '' || `${id} ${entry.name.zh} ${entry.name.en} ${entry.owner}`.toLowerCase().includes(wanted);
  const fits =
    filter === 'all' ||
    (filter === 'live' && live !== null) ||
    (filter === 'shadow' && (pending?.state === 'shadow' || pending?.state === 'approved')) ||
    (filter === 'pending' && pending !== null);
  return found && fits;
}

/** Who wrote a version of it: none of them approves. */
export const authorsOf = (steps: readonly RuleStep[]): ReadonlySet<string> =>
  new Set(steps.flatMap(({ step, by }) => (step === 'draft' ? [by] : [])));
