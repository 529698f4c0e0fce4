import { RULE_SHADOW_MS, RULE_SHARE_MAX, type RuleBacktest, type RulesInForce, type RuleState } from '@skyeye/contracts';
import type { Queries } from './database.ts';
import { errors } from './errors.ts';
import type { Ledger, LedgerTx } from './ledger.ts';
import { fromRow } from './rows.ts';

/** One version of a rule and where it stands. */
export interface RuleRow {
  readonly ruleId: string;
  readonly version: string;
  readonly entry: unknown;
  readonly state: RuleState;
  readonly proposedBy: string;
  readonly createdMs: number;
}

export interface RuleStepRow {
  readonly seq: number;
  readonly ruleId: string;
  readonly version: string;
  readonly step: string;
  readonly atMs: number;
  readonly by: string;
  readonly reason: string;
  readonly numbers: Readonly<Record<string, unknown>>;
}

/** Who does something to which version, when and why. */
export interface RuleAct {
  readonly ruleId: string;
  readonly version: string;
  readonly by: string;
  readonly nowMs: number;
  readonly reason: string;
}

/** What the scorer counted in shadow, and of how many. */
export interface ShadowSeen {
  /** Persons for whom it held, on the day with the most. */
  readonly personsPerDayMax: number;
  readonly times: number;
  /** Persons of the county. */
  readonly residents: number;
  /** A scorer counts this version: without it, nobody knows what the rule does. */
  readonly scored: boolean;
}

/** Who wrote the rules that come with a release. */
export const RELEASE = 'release';
/** A person whose rule somebody approved does not approve that somebody's rule for so long (county time). */
const MUTUAL_MS = 30 * 86_400_000;

/** From where a step may come, and whether it changes what is in force. */
const STEPS = {
  checked: { from: ['draft'], inForce: false },
  backtested: { from: ['checked', 'backtested', 'shadow'], inForce: false },
  shadow: { from: ['backtested'], inForce: true },
  approved: { from: ['shadow'], inForce: true },
  live: { from: ['approved'], inForce: true },
  retired: { from: ['draft', 'checked', 'backtested', 'shadow', 'approved', 'live'], inForce: true },
} as const satisfies Partial<Record<RuleState, { from: readonly RuleState[]; inForce: boolean }>>;

type Step = keyof typeof STEPS;

/** Keeps a version as a draft. @throws LEDGER_RULE_KNOWN when this very content is known */
export async function proposeRule(ledger: Ledger, act: RuleAct & { readonly entry: unknown }): Promise<void> {
  await ledger.tx(async (tx) => {
    if (!(await insertVersion(tx, { ...act, state: 'draft' }))) throw errors.ruleKnown({ rule: act.ruleId, version: act.version });
    await record(tx, act, 'draft', {});
  });
}

/** A step of its life that needs no second person. @throws LEDGER_NOT_FOUND, LEDGER_RULE_STEP */
export async function stepRule(
  ledger: Ledger,
  act: RuleAct,
  step: 'checked' | 'backtested' | 'shadow' | 'live' | 'retired',
  numbers: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await ledger.tx(async (tx) => {
    const row = await locked(tx, act);
    // New numbers of a rule that is in shadow leave it there.
    await move(tx, row, act, step, numbers, step === 'backtested' && row.state === 'shadow' ? 'shadow' : step);
  });
}

/**
 * Four eyes. The one who approves wrote no version of this rule, and nobody who wrote one has approved a rule of the
 * approver's within 30 days; the backtest and the shadow both stay below the limit. A refusal stays in the audit.
 * @throws LEDGER_RULE_OWN, LEDGER_RULE_MUTUAL, LEDGER_RULE_NUMBERS, LEDGER_RULE_STEP, LEDGER_NOT_FOUND
 */
export async function approveRule(ledger: Ledger, act: RuleAct, shadow: ShadowSeen): Promise<void> {
  const refusal = await ledger.tx(async (tx) => {
    const row = await locked(tx, act);
    allowed(row, 'approved');
    const refused = (await eyesRefusal(tx, act)) ?? (await numbersRefusal(tx, act, shadow));
    if (refused === null) await move(tx, row, act, 'approved', { ...shadow }, 'approved');
    else {
      const { code, facts } = refused;
      tx.journal.audit({
        atMs: act.nowMs,
        by: act.by,
        kind: 'rule_approval_refused',
        subject: act.ruleId,
        facts: { version: act.version, code, ...facts },
      });
    }
    return refused;
  });
  if (refusal !== null) throw refusal;
}

/**
 * Takes the live version back in one act: the version that was live before it and was not taken back itself is live again (it went
 * through approval then); without one the rule is retired. @returns the version that is live now, or null
 * @throws LEDGER_RULE_STEP when none is live
 */
export async function rollBackRule(ledger: Ledger, act: Omit<RuleAct, 'version'>): Promise<string | null> {
  return ledger.tx(async (tx) => {
    const [live] = await tx.query('select * from rule_versions where rule_id = $1 and state = $2 for update', [act.ruleId, 'live']);
    if (live === undefined) throw errors.ruleStep({ rule: act.ruleId, state: 'none is live', step: 'rolled_back' });
    const { version } = fromRow<RuleRow>(live);
    const [before] = await tx.query<{ version: string }>(
      `select s.version from rule_steps s join rule_versions v using (rule_id, version)
       where s.rule_id = $1 and s.step = 'live' and s.version <> $2 and v.state = 'retired'
         and not exists (select from rule_steps r where r.rule_id = s.rule_id and r.version = s.version and r.step = 'rolled_back')
       order by s.seq desc limit 1`,
      [act.ruleId, version],
    );
    await setState(tx, { ...act, version }, 'retired');
    await record(tx, { ...act, version }, 'rolled_back', { to: before?.version ?? null });
    if (before !== undefined) {
      await setState(tx, { ...act, version: before.version }, 'live');
      await record(tx, { ...act, version: before.version }, 'live', { rolledBackFrom: version });
    }
    await tx.query('update rule_head set seq = seq + 1');
    return before?.version ?? null;
  });
}

/**
 * Takes in the rules of a release: they were reviewed with it and are live with it, except where an analyst's version of the
 * same rule was made: then the release's is kept as checked, and a person decides. What a release no longer has is retired, where
 * no analyst took it up.
 */
export async function adoptRelease(
  ledger: Ledger,
  rules: readonly { readonly id: string; readonly version: string; readonly entry: unknown }[],
  nowMs: number,
): Promise<void> {
  await ledger.tx(async (tx) => {
    await tx.query('select seq from rule_head for update');
    const known = (await tx.query('select rule_id, version, state, proposed_by from rule_versions')).map((row) => fromRow<RuleRow>(row));
    const names = new Set(known.map(({ ruleId, version }) => `${ruleId}@${version}`));
    const isAnalysts = (id: string): boolean => known.some(({ ruleId, proposedBy }) => ruleId === id && proposedBy !== RELEASE);
    const shipped = new Set(rules.map(({ id, version }) => `${id}@${version}`));
    let changed = false;
    const act = { by: RELEASE, nowMs, reason: 'came with the release' };
    for (const row of known)
      if (row.proposedBy === RELEASE && row.state === 'live' && !shipped.has(`${row.ruleId}@${row.version}`) && !isAnalysts(row.ruleId)) {
        await setState(tx, row, 'retired');
        await record(tx, { ...act, ...row, reason: 'the release has another version or none' }, 'retired', {});
        changed = true;
      }
    for (const { id, version, entry } of rules) {
      if (names.has(`${id}@${version}`)) continue;
      const state = isAnalysts(id) ? 'checked' : 'live';
      await insertVersion(tx, { ...act, ruleId: id, version, entry, state });
      await record(tx, { ...act, ruleId: id, version }, state, {});
      changed ||= state === 'live';
    }
    if (changed) await tx.query('update rule_head set seq = seq + 1');
  });
}

/** Rises with every change of what is in force. */
export async function rulesSeq(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ seq: number }>('select seq from rule_head');
  return row?.seq ?? 0;
}

/** Live versions, and those in shadow: an approved one stays there until somebody makes it live. In one snapshot if `queries` is one. */
export async function rulesOf(queries: Queries): Promise<RulesInForce> {
  const seq = await rulesSeq(queries);
  const rows = await queries.query("select * from rule_versions where state in ('live', 'shadow', 'approved') order by rule_id, version");
  return {
    seq,
    rules: rows.map((row) => {
      const { ruleId: id, version, state, entry } = fromRow<RuleRow>(row);
      return { id, version, state: state === 'live' ? 'live' : 'shadow', entry };
    }),
  };
}

/** Versions, by rule and age; of one rule, or (null) of all that are not retired. */
export async function listRules(queries: Queries, ruleId: string | null): Promise<readonly RuleRow[]> {
  const rows = await queries.query(
    "select * from rule_versions where ($1::text is null and state <> 'retired') or rule_id = $1 order by rule_id, created_ms, version",
    [ruleId],
  );
  return rows.map((row) => fromRow<RuleRow>(row));
}

/** The newest backtest of every version that is not retired (or, of one rule, of all), by `id@version`. */
export async function latestBacktests(queries: Queries, ruleId: string | null): Promise<ReadonlyMap<string, RuleBacktest>> {
  const rows = await queries.query<{ name: string; numbers: RuleBacktest }>(
    `select distinct on (s.rule_id, s.version) s.rule_id || '@' || s.version as name, s.numbers
     from rule_steps s join rule_versions v using (rule_id, version)
     where s.step = 'backtested' and (($1::text is null and v.state <> 'retired') or s.rule_id = $1)
     order by s.rule_id, s.version, s.seq desc`,
    [ruleId],
  );
  return new Map(rows.map(({ name, numbers }) => [name, numbers]));
}

/** Every step of a rule, oldest first. */
export async function ruleSteps(queries: Queries, ruleId: string): Promise<readonly RuleStepRow[]> {
  const rows = await queries.query('select * from rule_steps where rule_id = $1 order by seq limit 1000', [ruleId]);
  return rows.map((row) => fromRow<RuleStepRow>(row));
}

export async function countResidents(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ count: number }>('select count(*)::int as count from residents');
  return row?.count ?? 0;
}

type Refusal = ReturnType<typeof errors.ruleOwn>;

async function eyesRefusal(tx: LedgerTx, { ruleId, version, by, nowMs }: RuleAct): Promise<Refusal | null> {
  const authors = (
    await tx.query<{ proposed_by: string }>('select distinct proposed_by from rule_versions where rule_id = $1', [ruleId])
  ).map((row) => row.proposed_by);
  if (authors.includes(by)) return errors.ruleOwn({ rule: ruleId, version });
  const [mutual] = await tx.query<{ by: string; rule_id: string }>(
    `select s.by, s.rule_id from rule_steps s join rule_versions v on v.rule_id = s.rule_id
     where s.step = 'approved' and s.by = any($1::text[]) and v.proposed_by = $2 and s.at_ms > $3 limit 1`,
    [authors, by, nowMs - MUTUAL_MS],
  );
  return mutual === undefined ? null : errors.ruleMutual({ rule: ruleId, version, author: mutual.by, approvedRule: mutual.rule_id });
}

async function numbersRefusal(tx: LedgerTx, act: RuleAct, shadow: ShadowSeen): Promise<Refusal | null> {
  const steps = (await ruleSteps(tx, act.ruleId)).filter(({ version }) => version === act.version);
  const backtest = steps.findLast(({ step }) => step === 'backtested')?.numbers as RuleBacktest | undefined;
  const since = steps.find(({ step }) => step === 'shadow')?.atMs ?? act.nowMs;
  const facts = { rule: act.ruleId, version: act.version };
  if (backtest === undefined) return errors.ruleNumbers({ ...facts, why: 'no backtest' });
  if (act.nowMs - since < RULE_SHADOW_MS) return errors.ruleNumbers({ ...facts, why: 'less than a day in shadow' });
  if (!shadow.scored) return errors.ruleNumbers({ ...facts, why: 'no scorer has counted it in shadow' });
  if (backtest.personsPerDayMax > limitOf(backtest.persons))
    return errors.ruleNumbers({ ...facts, why: 'backtest', personsPerDay: backtest.personsPerDayMax, limit: limitOf(backtest.persons) });
  if (shadow.personsPerDayMax > limitOf(shadow.residents))
    return errors.ruleNumbers({ ...facts, why: 'shadow', personsPerDay: shadow.personsPerDayMax, limit: limitOf(shadow.residents) });
  return null;
}

const limitOf = (persons: number): number => Math.max(1, Math.floor(persons * RULE_SHARE_MAX));

async function locked(tx: LedgerTx, { ruleId, version }: RuleAct): Promise<RuleRow> {
  const [row] = await tx.query('select * from rule_versions where rule_id = $1 and version = $2 for update', [ruleId, version]);
  if (row === undefined) throw errors.notFound({ what: 'version of a rule' });
  return fromRow<RuleRow>(row);
}

function allowed(row: RuleRow, step: Step): void {
  if (!(STEPS[step].from as readonly RuleState[]).includes(row.state)) throw errors.ruleStep({ rule: row.ruleId, state: row.state, step });
}

async function move(
  tx: LedgerTx,
  row: RuleRow,
  act: RuleAct,
  step: Step,
  numbers: Readonly<Record<string, unknown>>,
  state: RuleState,
): Promise<void> {
  allowed(row, step);
  if (step === 'live') {
    const [before] = await tx.query('select * from rule_versions where rule_id = $1 and state = $2 for update', [act.ruleId, 'live']);
    if (before !== undefined) {
      const { version } = fromRow<RuleRow>(before);
      await setState(tx, { ...act, version }, 'retired');
      await record(tx, { ...act, version }, 'retired', { replacedBy: act.version });
    }
  }
  await setState(tx, act, state);
  await record(tx, act, step, numbers);
  if (STEPS[step].inForce) await tx.query('update rule_head set seq = seq + 1');
}

async function setState(
  tx: Queries,
  { ruleId, version }: { readonly ruleId: string; readonly version: string },
  state: RuleState,
): Promise<void> {
  await tx.query('update rule_versions set state = $3 where rule_id = $1 and version = $2', [ruleId, version, state]);
}

async function insertVersion(tx: Queries, act: RuleAct & { readonly entry: unknown; readonly state: RuleState }): Promise<boolean> {
  const rows = await tx.query(
    `insert into rule_versions (rule_id, version, entry, state, proposed_by, created_ms) values ($1, $2, $3::jsonb, $4, $5, $6)
     on conflict do nothing returning 1`,
    [act.ruleId, act.version, JSON.stringify(act.entry), act.state, act.by, act.nowMs],
  );
  return rows.length > 0;
}

async function record(tx: LedgerTx, act: RuleAct, step: string, numbers: Readonly<Record<string, unknown>>): Promise<void> {
  const { ruleId, version, nowMs, by, reason } = act;
  await tx.query('insert into rule_steps (rule_id, version, step, at_ms, by, reason, numbers) values ($1, $2, $3, $4, $5, $6, $7::jsonb)', [
    ruleId,
    version,
    step,
    nowMs,
    by,
    reason,
    JSON.stringify(numbers),
  ]);
  // The release's own come by the dozen at the first start; its version is in the log of the start.
  if (by !== RELEASE) tx.journal.audit({ atMs: nowMs, by, kind: `rule_${step}`, subject: ruleId, facts: { version, reason, numbers } });
}
