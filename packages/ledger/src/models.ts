import {
  MODEL_FAILED_MAX,
  MODEL_WATCH_MS,
  type ModelsInForce,
  type ModelState,
  type ModelTable,
  type WatchCounts,
} from '@skyeye/contracts';
import type { Queries } from './database.ts';
import { errors } from './errors.ts';
import type { Ledger, LedgerTx } from './ledger.ts';
import { fromRow } from './rows.ts';

/** One version of a model and where it stands. */
export interface ModelRow {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly state: ModelState;
  readonly proposedBy: string;
  readonly createdMs: number;
}

export interface ModelStepRow {
  readonly seq: number;
  readonly name: string;
  readonly version: string;
  readonly step: string;
  readonly atMs: number;
  readonly by: string;
  readonly reason: string;
  readonly numbers: Readonly<Record<string, unknown>>;
}

/** Who does something to which version, when (county time) and why. */
export interface ModelAct {
  readonly name: string;
  readonly version: string;
  readonly by: string;
  readonly nowMs: number;
  readonly reason: string;
}

/** A person whose model somebody promoted does not promote that somebody's for so long (county time). */
const MUTUAL_MS = 30 * 86_400_000;
const STEPS_SHOWN = 500;

/**
 * Keeps a version with what a backtest made of it and of what is live. Again with the same content: newer numbers, and one that
 * was retired is proposed anew.
 * @throws LEDGER_MODEL_KNOWN when this version had another content, or decides
 */
export async function proposeModel(ledger: Ledger, act: ModelAct & { readonly digest: string; readonly table: ModelTable }): Promise<void> {
  await ledger.tx(async (tx) => {
    const { name, version, digest, table, by, nowMs } = act;
    const fresh = await tx.query(
      `insert into model_versions (name, version, digest, state, proposed_by, created_ms) values ($1, $2, $3, 'proposed', $4, $5)
       on conflict do nothing returning 1`,
      [name, version, digest, by, nowMs],
    );
    if (fresh.length === 0) {
      const row = await locked(tx, act);
      if (row.digest !== digest || row.state === 'champion') throw errors.modelKnown({ model: `${name}/${version}`, state: row.state });
      if (row.state === 'retired') await setState(tx, act, 'proposed');
    }
    await record(tx, act, 'proposed', { digest, table });
  });
}

/** Lets a version watch beside the champion; who watched before is proposed again. @throws LEDGER_NOT_FOUND, LEDGER_MODEL_STEP */
export async function watchModel(ledger: Ledger, act: ModelAct): Promise<void> {
  await ledger.tx(async (tx) => {
    const head = await lockedHead(tx);
    const row = await locked(tx, act);
    if (row.state !== 'proposed') throw errors.modelStep({ model: `${row.name}/${row.version}`, state: row.state, step: 'challenger' });
    const before = await standing(tx, act.name, 'challenger');
    if (before !== undefined) {
      await setState(tx, before, 'proposed');
      await record(tx, { ...act, version: before.version }, 'unwatched', { replacedBy: act.version });
    }
    await setState(tx, act, 'challenger');
    await record(tx, act, 'challenger', {});
    await head.rise();
  });
}

/** Ends a version that does not decide. @throws LEDGER_NOT_FOUND, LEDGER_MODEL_STEP for the champion: it is rolled back */
export async function retireModel(ledger: Ledger, act: ModelAct): Promise<void> {
  await ledger.tx(async (tx) => {
    const head = await lockedHead(tx);
    const row = await locked(tx, act);
    if (row.state === 'champion' || row.state === 'retired')
      throw errors.modelStep({ model: `${row.name}/${row.version}`, state: row.state, step: 'retired' });
    await setState(tx, act, 'retired');
    await record(tx, act, 'retired', {});
    if (row.state === 'challenger') await head.rise();
  });
}

/**
 * The challenger takes the champion's place. Four eyes: not by who proposed this version, nor by somebody whose own model one of
 * its proposers promoted within 30 days; and only after a day of watching (county time) in which a scorer counted it and hardly
 * anything failed. A refusal stays in the audit. `seen`: what scorers counted; null: none has.
 * @throws LEDGER_MODEL_OWN, LEDGER_MODEL_MUTUAL, LEDGER_MODEL_NUMBERS, LEDGER_MODEL_STEP, LEDGER_NOT_FOUND
 */
export async function promoteModel(ledger: Ledger, act: ModelAct, seen: WatchCounts | null): Promise<void> {
  const refusal = await ledger.tx(async (tx) => {
    const head = await lockedHead(tx);
    const row = await locked(tx, act);
    if (row.state !== 'challenger') throw errors.modelStep({ model: `${row.name}/${row.version}`, state: row.state, step: 'champion' });
    const refused = (await eyesRefusal(tx, act)) ?? (await numbersRefusal(tx, act, seen));
    if (refused !== null) {
      const { code, facts } = refused;
      const { by, nowMs, name, version } = act;
      tx.journal.audit({ atMs: nowMs, by, kind: 'model_promotion_refused', subject: name, facts: { version, code, ...facts } });
      return refused;
    }
    const before = await standing(tx, act.name, 'champion');
    if (before !== undefined) {
      await setState(tx, before, 'retired');
      await record(tx, { ...act, version: before.version }, 'retired', { replacedBy: act.version });
    }
    await setState(tx, act, 'champion');
    await record(tx, act, 'champion', { digest: row.digest, seen, before: before?.version ?? null });
    await head.rise();
    return null;
  });
  if (refusal !== null) throw refusal;
}

/**
 * Takes the champion back in one act: the one before it that was not taken back itself decides again, or (null) the release's.
 * @throws LEDGER_MODEL_STEP when none was promoted
 */
export async function rollBackModel(ledger: Ledger, act: Omit<ModelAct, 'version'>): Promise<string | null> {
  return ledger.tx(async (tx) => {
    const head = await lockedHead(tx);
    const champion = await standing(tx, act.name, 'champion');
    if (champion === undefined) throw errors.modelStep({ model: act.name, state: 'none was promoted', step: 'rolled_back' });
    const [before] = await tx.query<{ version: string }>(
      `select s.version from model_steps s join model_versions v using (name, version)
       where s.name = $1 and s.step = 'champion' and s.version <> $2 and v.state = 'retired'
         and not exists (select from model_steps r where r.name = s.name and r.version = s.version and r.step = 'rolled_back' and r.seq > s.seq)
       order by s.seq desc limit 1`,
      [act.name, champion.version],
    );
    await setState(tx, champion, 'retired');
    await record(tx, { ...act, version: champion.version }, 'rolled_back', { to: before?.version ?? null });
    if (before !== undefined) {
      await setState(tx, { name: act.name, version: before.version }, 'champion');
      await record(tx, { ...act, version: before.version }, 'champion', { rolledBackFrom: champion.version });
    }
    await head.rise();
    return before?.version ?? null;
  });
}

/** Rises with every change of what decides or watches. */
export async function modelsSeq(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ seq: number }>('select seq from model_head');
  return row?.seq ?? 0;
}

/** What decides and what watches, by name; a name that is not there has the release's. In one snapshot if `queries` is one. */
export async function modelsOf(queries: Queries): Promise<ModelsInForce> {
  const seq = await modelsSeq(queries);
  const rows = (await queries.query("select * from model_versions where state in ('champion', 'challenger') order by name")).map((row) =>
    fromRow<ModelRow>(row),
  );
  const placed = (name: string, state: ModelState) => {
    const row = rows.find((one) => one.name === name && one.state === state);
    return row === undefined ? null : { version: row.version, digest: row.digest };
  };
  return {
    seq,
    models: [...new Set(rows.map(({ name }) => name))].map((name) => ({
      name,
      champion: placed(name, 'champion'),
      challenger: placed(name, 'challenger'),
    })),
  };
}

/** Versions that are not retired, newest first, each with the newest table kept with it. */
export async function listModels(queries: Queries): Promise<readonly (ModelRow & { readonly table: ModelTable })[]> {
  const rows = await queries.query<{ table: ModelTable }>(
    `select v.*, (select s.numbers -> 'table' from model_steps s
                  where s.name = v.name and s.version = v.version and s.step = 'proposed' order by s.seq desc limit 1) as "table"
     from model_versions v where v.state <> 'retired' order by v.name, v.created_ms desc, v.version`,
  );
  return rows.map((row) => fromRow<ModelRow & { readonly table: ModelTable }>(row));
}

/** The newest steps of all models, oldest first. */
export async function modelSteps(queries: Queries): Promise<readonly ModelStepRow[]> {
  const rows = await queries.query('select * from model_steps order by seq desc limit $1', [STEPS_SHOWN]);
  return rows.map((row) => fromRow<ModelStepRow>(row)).toReversed();
}

type Refusal = ReturnType<typeof errors.modelOwn>;

async function eyesRefusal(tx: LedgerTx, { name, version, by, nowMs }: ModelAct): Promise<Refusal | null> {
  const proposers = (
    await tx.query<{ by: string }>("select distinct by from model_steps where name = $1 and version = $2 and step = 'proposed'", [
      name,
      version,
    ])
  ).map((row) => row.by);
  if (proposers.includes(by)) return errors.modelOwn({ model: `${name}/${version}` });
  const [mutual] = await tx.query<{ by: string; version: string }>(
    `select s.by, s.version from model_steps s join model_steps p on p.name = s.name and p.version = s.version and p.step = 'proposed'
     where s.step = 'champion' and not s.numbers ? 'rolledBackFrom' and s.by = any($1::text[]) and p.by = $2 and s.at_ms > $3 limit 1`,
    [proposers, by, nowMs - MUTUAL_MS],
  );
  return mutual === undefined
    ? null
    : errors.modelMutual({ model: `${name}/${version}`, proposer: mutual.by, promotedVersion: mutual.version });
}

async function numbersRefusal(tx: LedgerTx, { name, version, nowMs }: ModelAct, seen: WatchCounts | null): Promise<Refusal | null> {
  const [since] = await tx.query<{ at_ms: number }>(
    "select at_ms from model_steps where name = $1 and version = $2 and step = 'challenger' order by seq desc limit 1",
    [name, version],
  );
  const facts = { model: `${name}/${version}` };
  if (nowMs - (since?.at_ms ?? nowMs) < MODEL_WATCH_MS) return errors.modelNumbers({ ...facts, why: 'less than a day of watching' });
  if (seen === null) return errors.modelNumbers({ ...facts, why: 'no scorer has counted it' });
  const judged = seen.agrees + seen.higher + seen.lower;
  if (judged === 0) return errors.modelNumbers({ ...facts, why: 'it has judged nobody' });
  if (seen.failed > MODEL_FAILED_MAX * (judged + seen.failed))
    return errors.modelNumbers({ ...facts, why: 'too many judgements failed', failed: seen.failed, judged });
  return null;
}

/** Acts on models come one after the other: that what is in force changes as one, and its number with it. */
async function lockedHead(tx: LedgerTx): Promise<{ rise(): Promise<void> }> {
  await tx.query('select seq from model_head for update');
  return { rise: async () => void (await tx.query('update model_head set seq = seq + 1')) };
}

async function standing(tx: LedgerTx, name: string, state: ModelState): Promise<ModelRow | undefined> {
  const [row] = await tx.query('select * from model_versions where name = $1 and state = $2 for update', [name, state]);
  return row === undefined ? undefined : fromRow<ModelRow>(row);
}

async function locked(tx: LedgerTx, { name, version }: Pick<ModelRow, 'name' | 'version'>): Promise<ModelRow> {
  const [row] = await tx.query('select * from model_versions where name = $1 and version = $2 for update', [name, version]);
  if (row === undefined) throw errors.notFound({ what: 'version of a model' });
  return fromRow<ModelRow>(row);
}

async function setState(tx: Queries, { name, version }: Pick<ModelRow, 'name' | 'version'>, state: ModelState): Promise<void> {
  await tx.query('update model_versions set state = $3 where name = $1 and version = $2', [name, version, state]);
}

async function record(tx: LedgerTx, act: ModelAct, step: string, numbers: Readonly<Record<string, unknown>>): Promise<void> {
  const { name, version, nowMs, by, reason } = act;
  await tx.query('insert into model_steps (name, version, step, at_ms, by, reason, numbers) values ($1, $2, $3, $4, $5, $6, $7::jsonb)', [
    name,
    version,
    step,
    nowMs,
    by,
    reason,
    JSON.stringify(numbers),
  ]);
  tx.journal.audit({ atMs: nowMs, by, kind: `model_${step}`, subject: name, facts: { version, reason } });
}
