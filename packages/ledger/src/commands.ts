import { CALL_RESULTS, FALSE_ALARM_CAUSES, RESULTS, type Incident, type Level, type ResultCode } from '@skyeye/contracts';
import { checkLevel, nextCall, STOPS, type IncidentStep, type PlannedTask, type TierPlan } from '@skyeye/response';
import { startClocks, stopClocks } from './clocks.ts';
import { errors } from './errors.ts';
import { getIncident, saveIncident, type IncidentChanges, type IncidentRow } from './incidents.ts';
import type { Ledger, LedgerTx } from './ledger.ts';
import { markProcessed } from './processed.ts';
import { heedReturns } from './returned-stations.ts';
import { changesOf, clocksAfterResult, nextFollowUp, restartOpenClocks, sendTasks, type Actor } from './steps.ts';
import { cancelTasks } from './tasks.ts';

/** What every command of the console carries: the version the actor saw. If a person or a level changed the incident since, it is refused. */
export interface CommandInput {
  readonly incidentId: string;
  readonly version: number;
  readonly actor: Actor;
  /** County time. */
  readonly nowMs: number;
}

/** Locks the incident, checks the version, lets the step happen, writes the row. Action and audit are the step's. */
export async function command(
  ledger: Ledger,
  { incidentId, version, nowMs }: CommandInput,
  step: (tx: LedgerTx, row: IncidentRow) => Promise<IncidentChanges>,
): Promise<IncidentRow> {
  return ledger.tx(async (tx) => {
    const row = await getIncident(tx, incidentId, { lock: true });
    if (version < row.actedVersion || version > row.version) throw errors.staleVersion({ version: row.version, state: row.state });
    return saveIncident(tx, row, await step(tx, row), nowMs);
  });
}

/** Signing 签收, by whoever acts first; a call or a dispatch signs too. */
const signed = (row: IncidentRow, { actor, nowMs }: CommandInput): IncidentChanges =>
  row.signedMs === null ? { signedBy: actor.account, signedMs: nowMs } : {};

/** Signs for an incident. Signing what is signed changes nothing of it. @throws LEDGER_STALE_VERSION, RESPONSE_STEP_NOT_ALLOWED */
export function sign(ledger: Ledger, input: CommandInput): Promise<IncidentRow> {
  return command(ledger, input, async (tx, row) => {
    const { actor, nowMs } = input;
    await stopClocks(tx, row.id, STOPS.sign, nowMs);
    tx.journal.action({ incidentId: row.id, kind: 'signed', atMs: nowMs, by: actor.account, says: { zh: '已签收', en: 'Signed for' } });
    tx.journal.audit({ atMs: nowMs, by: actor.account, kind: 'incident_signed', subject: row.id });
    return { ...changesOf(row, { step: 'sign', atMs: nowMs }), ...signed(row, input) };
  });
}

const CALL_STEPS: Readonly<Record<keyof typeof CALL_RESULTS, IncidentStep>> = {
  answered_convinced: 'phone_done',
  answered_refused: 'try_call',
  answered_kin: 'try_call',
  busy: 'try_call',
  no_answer: 'try_call',
  off: 'try_call',
};

/** Notes a call 电话劝阻 and its coded result. */
export function recordCall(
  ledger: Ledger,
  input: CommandInput & { readonly result: keyof typeof CALL_RESULTS; readonly note: string },
): Promise<IncidentRow> {
  return command(ledger, input, async (tx, row) => {
    const { actor, nowMs, result, note } = input;
    await stopClocks(tx, row.id, STOPS.call, nowMs);
    const isSettled = result === 'answered_convinced' || row.metMs !== null || row.resultedMs !== null;
    const again = isSettled ? null : nextCall(row.level, row.calls + 1, nowMs);
    if (again !== null) await startClocks(tx, row.id, [again]);
    const words = CALL_RESULTS[result];
    tx.journal.action({
      incidentId: row.id,
      kind: 'called',
      atMs: nowMs,
      by: actor.account,
      facts: { result, note },
      says: { zh: `第${row.calls + 1}次电话劝阻:${words.zh}`, en: `Call ${row.calls + 1}: ${words.en}` },
    });
    tx.journal.audit({ atMs: nowMs, by: actor.account, kind: 'incident_called', subject: row.id, facts: { result } });
    return { ...changesOf(row, { step: CALL_STEPS[result], atMs: nowMs }), ...signed(row, input), calls: row.calls + 1 };
  });
}

/** Sends a unit 派警. A unit that has the task already is not asked twice. */
export function dispatchTo(
  ledger: Ledger,
  input: CommandInput & { readonly unit: PlannedTask; readonly note: string },
): Promise<IncidentRow> {
  return command(ledger, input, async (tx, row) => {
    const { actor, nowMs, unit, note } = input;
    const changes = changesOf(row, { step: 'go', atMs: nowMs });
    await stopClocks(tx, row.id, [...STOPS.sign, ...STOPS.go], nowMs);
    tx.journal.action({
      incidentId: row.id,
      kind: 'dispatched',
      atMs: nowMs,
      by: actor.account,
      facts: { unit: unit.unit, etaMin: unit.etaMin, note },
      says: { zh: `派警:${unit.unitName}`, en: `Dispatched: ${unit.unitName}` },
    });
    tx.journal.audit({ atMs: nowMs, by: actor.account, kind: 'incident_dispatched', subject: row.id, facts: { unit: unit.unit } });
    await sendTasks(tx, row, [unit], { nowMs, by: actor.account });
    return { ...changes, ...signed(row, input) };
  });
}

/** Raises or lowers by hand. @throws RESPONSE_REASON_REQUIRED, RESPONSE_LEVEL_UNCHANGED */
export function changeLevel(
  ledger: Ledger,
  input: CommandInput & { readonly level: Level; readonly reason: string; readonly plan?: TierPlan },
): Promise<IncidentRow> {
  return command(ledger, input, async (tx, row) => {
    const { actor, nowMs, level, reason, plan } = input;
    const kind = checkLevel(row.level, level, { person: true, reason });
    await restartOpenClocks(tx, { ...row, level }, nowMs);
    tx.journal.action({
      incidentId: row.id,
      kind,
      atMs: nowMs,
      by: actor.account,
      facts: { from: row.level, to: level, reason },
      says: {
        zh: `级别由${row.level}${kind === 'raised' ? '升' : '降'}为${level}:${reason}`,
        en: `Level ${kind} from ${row.level} to ${level}: ${reason}`,
      },
    });
    tx.journal.audit({
      atMs: nowMs,
      by: actor.account,
      kind: `level_${kind}`,
      subject: row.id,
      facts: { from: row.level, to: level, reason },
    });
    if (plan !== undefined) await sendTasks(tx, { ...row, level }, (await heedReturns(tx, row, plan)).tasks, { nowMs, by: actor.account });
    return { level };
  });
}

/** Closes with a coded result. @throws RESPONSE_MEETING_REQUIRED, RESPONSE_RESULT_REQUIRED, RESPONSE_CAUSE_REQUIRED */
export function close(
  ledger: Ledger,
  input: CommandInput & {
    readonly result: ResultCode;
    readonly falseAlarmCause: keyof typeof FALSE_ALARM_CAUSES | null;
    readonly note: string;
  },
): Promise<IncidentRow> {
  return command(ledger, input, (tx, row) => closeWithin(tx, row, { ...input, by: input.actor.account }));
}

/** The part of closing that the end of the follow-ups shares. */
export async function closeWithin(
  tx: LedgerTx,
  row: IncidentRow,
  {
    nowMs,
    by,
    result,
    falseAlarmCause,
    note,
  }: { nowMs: number; by: string; result: ResultCode; falseAlarmCause: string | null; note: string },
): Promise<IncidentChanges> {
  const changes = changesOf(row, { step: 'close', atMs: nowMs, result, falseAlarmCause });
  await stopClocks(tx, row.id, STOPS.close, nowMs);
  await cancelTasks(tx, row.id);
  const words = RESULTS[result];
  tx.journal.action({
    incidentId: row.id,
    kind: 'closed',
    atMs: nowMs,
    by,
    facts: { result, falseAlarmCause, note },
    says: { zh: `结案:${words.zh}`, en: `Closed: ${words.en}` },
  });
  tx.journal.audit({ atMs: nowMs, by, kind: 'incident_closed', subject: row.id, facts: { result, falseAlarmCause } });
  return { ...changes, closedMs: nowMs, resultedMs: row.resultedMs ?? nowMs };
}

/** A remark. It needs no version and changes no state. */
export async function addNote(
  ledger: Ledger,
  { incidentId, actor, nowMs, text }: Omit<CommandInput, 'version'> & { readonly text: string },
): Promise<IncidentRow> {
  return ledger.tx(async (tx) => {
    const row = await getIncident(tx, incidentId, { lock: true });
    tx.journal.action({ incidentId, kind: 'note', atMs: nowMs, by: actor.account, says: { zh: text, en: text } });
    tx.journal.audit({ atMs: nowMs, by: actor.account, kind: 'incident_noted', subject: incidentId });
    return saveIncident(tx, row, {}, nowMs, { quiet: true });
  });
}

/** The desk asks the bank to hold: noted here, carried out by the bank's own line. Never done by the machine alone (invariant 4). */
export function askHold(ledger: Ledger, input: CommandInput & { readonly note: string }): Promise<IncidentRow> {
  return command(ledger, input, async (tx, row) => {
    const { actor, nowMs, note } = input;
    tx.journal.action({
      incidentId: row.id,
      kind: 'hold_asked',
      atMs: nowMs,
      by: actor.account,
      facts: { note },
      says: { zh: '请求止付', en: 'Stop payment asked for' },
    });
    tx.journal.audit({ atMs: nowMs, by: actor.account, kind: 'hold_asked', subject: row.id, facts: { note } });
    return {};
  });
}

/** Someone looked at a name or a number: a trace on the incident and in the audit (invariant 8). */
export async function noteUnmasked(
  ledger: Ledger,
  { incidentId, actor, nowMs, purpose }: Omit<CommandInput, 'version'> & { readonly purpose: string },
): Promise<void> {
  await ledger.tx(async (tx) => {
    await getIncident(tx, incidentId);
    tx.journal.action({
      incidentId,
      kind: 'unmasked',
      atMs: nowMs,
      by: actor.account,
      facts: { purpose },
      says: { zh: `查看身份信息:${purpose}`, en: `Identity looked at: ${purpose}` },
    });
    tx.journal.audit({ atMs: nowMs, by: actor.account, kind: 'unmasked', subject: incidentId, facts: { purpose } });
  });
}

const HOUR_MS = 3_600_000;

/** Who looked at whom: one entry per account, incident and hour of the county, however often the page asks. */
export async function noteViewed(ledger: Ledger, { incidentId, actor, nowMs }: Omit<CommandInput, 'version'>): Promise<void> {
  await ledger.tx(async (tx) => {
    const hour = Math.floor(nowMs / HOUR_MS);
    if (!(await markProcessed(tx, 'incident_viewed', `${hour} ${incidentId} ${actor.account}`, nowMs))) return;
    tx.journal.audit({ atMs: nowMs, by: actor.account, kind: 'incident_viewed', subject: incidentId, facts: { unit: actor.unit } });
  });
}

/** Ends the first response, or a follow-up, with a coded result. Returns the changes of the row. */
export async function resultWithin(
  tx: LedgerTx,
  row: IncidentRow,
  {
    nowMs,
    by,
    result,
    falseAlarmCause,
    lostFen,
    facts,
  }: {
    nowMs: number;
    by: string;
    result: ResultCode;
    falseAlarmCause: string | null;
    lostFen: number;
    facts: Readonly<Record<string, string | number | boolean | null>>;
  },
): Promise<IncidentChanges> {
  const isFollowUp = row.state === 'FOLLOWUP';
  const changes = changesOf(row, { step: 'result', atMs: nowMs, result, falseAlarmCause });
  const followUps = isFollowUp ? row.followUps + 1 : row.followUps;
  const lost = Math.max(row.lostFen, lostFen);
  const resultedMs = isFollowUp ? (row.resultedMs ?? nowMs) : nowMs;
  if (isFollowUp) {
    await stopClocks(tx, row.id, ['follow_up'], nowMs);
    await nextFollowUp(tx, { ...row, ...changes, followUps, lostFen: lost }, resultedMs);
  } else await clocksAfterResult(tx, { ...row, ...changes, followUps, lostFen: lost }, nowMs);
  const words = RESULTS[result];
  tx.journal.action({
    incidentId: row.id,
    kind: 'resulted',
    atMs: nowMs,
    by,
    facts: { ...facts, result, falseAlarmCause },
    says: { zh: `劝阻结果:${words.zh}`, en: `Result: ${words.en}` },
  });
  tx.journal.audit({ atMs: nowMs, by, kind: 'incident_resulted', subject: row.id, facts: { result, falseAlarmCause } });
  const live: Incident['live'] = { call: false, share: false, payment: false };
  // Whoever refuses, or has lost money, may still be on the call: what was live stays so until the events say otherwise.
  const over = changes.metMs !== null && result !== 'refused' && result !== 'lost';
  return { ...changes, resultedMs, followUps, lostFen: lost, ...(over ? { live } : {}) };
}
