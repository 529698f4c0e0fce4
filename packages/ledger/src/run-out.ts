import type { Tier } from '@skyeye/contracts';
import { planTiers, type EscalateTo, type PlannedTask, type Places } from '@skyeye/response';
import { missClock, ringClock, stopClocks, type RunOutClock } from './clocks.ts';
import { closeWithin } from './commands.ts';
import { getIncident, saveIncident, type IncidentRow } from './incidents.ts';
import type { Ledger, LedgerTx } from './ledger.ts';
import { queuePush } from './outbox.ts';
import { residentsOf } from './residents.ts';
import { heedReturns } from './returned-stations.ts';
import { changesOf, nextFollowUp, sendTasks } from './steps.ts';

const STEP_WORDS: Readonly<Record<RunOutClock['step'], { zh: string; en: string }>> = {
  sign: { zh: '签收', en: 'signing' },
  first_call: { zh: '电话劝阻', en: 'call' },
  dispatch: { zh: '派警', en: 'dispatch' },
  at_door: { zh: '到门', en: 'reaching the door' },
  feedback: { zh: '反馈', en: 'feedback' },
  escalate_county: { zh: '见面', en: 'meeting' },
  escalate_city: { zh: '见面', en: 'meeting' },
  follow_up: { zh: '回访', en: 'follow-up' },
};
const TOLD: Readonly<Record<EscalateTo, { zh: string; en: string }>> = {
  leader: { zh: '值班长', en: 'the duty leader' },
  station: { zh: '派出所', en: 'the station' },
  county: { zh: '县局领导', en: 'the county leader' },
  city: { zh: '市局', en: 'the city' },
};
/** How long a visit or a follow-up has that a clock asked for. */
const BACKUP_MS: Readonly<Record<Tier, number>> = { station: 3_600_000, officer: 4 * 3_600_000, grid: 24 * 3_600_000 };

/**
 * Handles one clock that ran out: marks it missed and tells the next one who answers for it, or starts the follow-up that
 * is due. In one transaction; false when it was handled meanwhile. Survives any restart, because the clock is in the ledger.
 */
export function handleRunOut(ledger: Ledger, places: Places, clock: RunOutClock, nowMs: number): Promise<boolean> {
  return ledger.tx(async (tx) => {
    const row = await getIncident(tx, clock.incidentId, { lock: true });
    if (row.closedMs !== null) {
      await stopClocks(tx, row.id, [clock.step], nowMs);
      return false;
    }
    if (clock.step === 'follow_up') {
      if (!(await ringClock(tx, row.id, clock.step, nowMs))) return false;
      await followUp(tx, places, row, nowMs);
      return true;
    }
    if (!(await missClock(tx, row.id, clock.step, nowMs))) return false;
    await escalate(tx, places, row, clock, nowMs);
    return true;
  });
}

async function escalate(
  tx: LedgerTx,
  places: Places,
  row: IncidentRow,
  { step, dueMs, escalateTo }: RunOutClock,
  nowMs: number,
): Promise<void> {
  const words = STEP_WORDS[step];
  const told = TOLD[escalateTo];
  const facts = { step, dueMs, escalateTo };
  tx.journal.action({
    incidentId: row.id,
    kind: 'clock_missed',
    atMs: nowMs,
    by: 'dispatcher',
    facts,
    says: { zh: `超时未${words.zh}`, en: `Missed: ${words.en}` },
  });
  tx.journal.action({
    incidentId: row.id,
    kind: 'escalated',
    atMs: nowMs,
    by: 'dispatcher',
    facts,
    says: { zh: `已升级至${told.zh}`, en: `Escalated to ${told.en}` },
  });
  tx.journal.audit({ atMs: nowMs, by: 'dispatcher', kind: 'clock_missed', subject: row.id, facts });
  await queuePush(tx, {
    dedupe: `clock:${row.id}:${step}:${dueMs}`,
    target: escalateTo === 'station' ? `unit:${row.station}` : 'role:leader',
    nowMs,
    payload: { title: `超时升级 ${row.number}`, body: `${words.zh}超时`, incidentId: row.id, taskId: null, level: row.level },
  });
  // Nobody could be reached by telephone in time: someone goes there (P3: visit when unreached).
  if (step === 'dispatch')
    await sendTasks(tx, row, await planFor(tx, places, row, ['station', 'officer'], nowMs), { nowMs, by: 'dispatcher' });
  await saveIncident(tx, row, step === 'dispatch' ? changesOf(row, { step: 'send', atMs: nowMs }) : {}, nowMs);
}

/** A follow-up 回访 falls due: the grid worker is asked again, until the last one; then the incident closes by itself if it may. */
async function followUp(tx: LedgerTx, places: Places, row: IncidentRow, nowMs: number): Promise<void> {
  if (row.state !== 'RESULTED' && row.state !== 'FOLLOWUP') return;
  const planned = await planFor(tx, places, row, ['grid'], nowMs);
  const changes = changesOf(row, { step: 'follow_up', atMs: nowMs });
  tx.journal.action({
    incidentId: row.id,
    kind: 'note',
    atMs: nowMs,
    by: 'dispatcher',
    facts: { followUp: row.followUps + 1 },
    says:
      row.level === 'P4'
        ? { zh: '低危抽查回访到期', en: 'Follow-up of the P4 sample is due' }
        : { zh: `第${row.followUps + 1}次回访到期`, en: `Follow-up ${row.followUps + 1} is due` },
  });
  await sendTasks(tx, row, planned, { nowMs, by: 'dispatcher' });
  await saveIncident(tx, row, changes, nowMs);
}

async function planFor(
  tx: LedgerTx,
  places: Places,
  row: IncidentRow,
  only: readonly Tier[],
  nowMs: number,
): Promise<readonly PlannedTask[]> {
  const resident = (await residentsOf(tx, [row.person])).get(row.person);
  const home = resident === undefined || resident.lon === null || resident.lat === null ? null : { lon: resident.lon, lat: resident.lat };
  const plan = planTiers(places, {
    level: row.level,
    whereabouts: { position: row.position, home, community: resident?.community ?? null, grid: resident?.grid ?? null },
    nowMs,
    only,
  });
  const { tasks } = await heedReturns(tx, row, plan);
  return tasks.map((task) => ({ ...task, dueMs: nowMs + BACKUP_MS[task.tier] }));
}

/**
 * Closes incidents whose last follow-up was reported (stop rule of DOMAIN §1.2), where the guards allow it. The others stay
 * open for a person. Returns how many were closed.
 */
export async function closeFollowedUp(ledger: Ledger, nowMs: number, limit = 20): Promise<number> {
  const due = await ledger.query<{ id: string }>(
    `select i.id from incidents i where i.closed_ms is null and i.state = 'RESULTED' and i.result is not null and (i.met_ms is not null or i.level in ('P3', 'P4'))
       and not exists (select 1 from clocks c where c.incident_id = i.id and c.step = 'follow_up' and c.done_ms is null) and i.resulted_ms < $1::bigint - 3600000 limit $2`,
    [nowMs, limit],
  );
  for (const { id } of due) {
    await ledger.tx(async (tx) => {
      const row = await getIncident(tx, id, { lock: true });
      if (row.state !== 'RESULTED' || row.result === null) return;
      // A follow-up that is still ahead but whose clock was lost to a change of level is set again, not closed over.
      if (row.followUps === 0 && (await nextFollowUp(tx, row, row.resultedMs ?? nowMs))) return;
      await saveIncident(
        tx,
        row,
        await closeWithin(tx, row, { nowMs, by: 'dispatcher', result: row.result, falseAlarmCause: row.falseAlarmCause, note: '' }),
        nowMs,
      );
    });
  }
  return due.length;
}
