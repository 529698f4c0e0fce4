import type { Level } from '@skyeye/contracts';
import {
  clocksStarting,
  CLOCK_RULES,
  followUpsMs,
  RUN_UNTIL_MET,
  STOPS,
  takeStep,
  type IncidentFacts,
  type PlannedTask,
  type StepInput,
} from '@skyeye/response';
import { dropClocks, startClocks, stopClocks } from './clocks.ts';
import type { IncidentRow } from './incidents.ts';
import type { LedgerTx } from './ledger.ts';
import { queuePush } from './outbox.ts';
import { sendTask, type TaskRow } from './tasks.ts';

/** Who acts: an account of identity, or the name of a service. */
export interface Actor {
  readonly account: string;
  /** Code of the unit the account belongs to. */
  readonly unit: string | null;
}

export const factsOf = (row: IncidentRow): IncidentFacts => ({
  state: row.state,
  level: row.level,
  metMs: row.metMs,
  result: row.result,
  falseAlarmCause: row.falseAlarmCause,
});

/** What the state machine changes in the row. */
export function changesOf(row: IncidentRow, input: StepInput): Pick<IncidentRow, 'state' | 'metMs' | 'result' | 'falseAlarmCause'> {
  const after = takeStep(factsOf(row), input);
  return { state: after.state, metMs: after.metMs, result: after.result, falseAlarmCause: after.falseAlarmCause };
}

/** All clocks of an alert, from the beginning. Those that `keepDone` names were done in this alert already. */
export async function startAlertClocks(
  tx: LedgerTx,
  row: Pick<IncidentRow, 'id' | 'level' | 'urban'>,
  atMs: number,
  keepDone: readonly StepInput['step'][] = [],
): Promise<void> {
  const clocks = clocksStarting(row.level, 'alert', atMs, row.urban).filter(({ step }) => !(step === 'sign' && keepDone.includes('sign')));
  await dropClocks(
    tx,
    row.id,
    CLOCK_RULES[row.level].map(({ step }) => step),
  );
  await startClocks(tx, row.id, clocks);
}

/** A raised level has shorter clocks; they count from the moment of the raise, and what was done stays done. */
export async function restartOpenClocks(tx: LedgerTx, row: Pick<IncidentRow, 'id' | 'level' | 'urban'>, atMs: number): Promise<void> {
  const done = await tx.query<{ step: string }>('select step from clocks where incident_id = $1 and done_ms is not null', [row.id]);
  const steps = new Set(done.map(({ step }) => step));
  await dropClocks(
    tx,
    row.id,
    CLOCK_RULES[row.level].map(({ step }) => step),
  );
  await startClocks(
    tx,
    row.id,
    clocksStarting(row.level, 'alert', atMs, row.urban).filter(({ step }) => !steps.has(step)),
  );
}

export async function clocksAfterMeeting(tx: LedgerTx, row: Pick<IncidentRow, 'id' | 'level' | 'urban'>, atMs: number): Promise<void> {
  await stopClocks(tx, row.id, STOPS.meet, atMs);
  await startClocks(tx, row.id, clocksStarting(row.level, 'met', atMs, row.urban));
}

/** A result ends the first response; at P1 and P2 what only a meeting ends goes on without one. */
export async function clocksAfterResult(
  tx: LedgerTx,
  row: Pick<IncidentRow, 'id' | 'level' | 'metMs' | 'followUps' | 'urban' | 'result' | 'lostFen'>,
  atMs: number,
): Promise<void> {
  const mustMeet = row.metMs === null && (row.level === 'P1' || row.level === 'P2');
  await stopClocks(
    tx,
    row.id,
    STOPS.result.filter((step) => !mustMeet || !RUN_UNTIL_MET.includes(step)),
    atMs,
  );
  await nextFollowUp(tx, row, atMs);
}

/** Sets the clock of the next follow-up 回访; false when the last one was made. */
export async function nextFollowUp(
  tx: LedgerTx,
  row: Pick<IncidentRow, 'id' | 'level' | 'followUps' | 'result' | 'lostFen'>,
  resultMs: number,
): Promise<boolean> {
  const afterMs = followUpsMs(row.level, row)[row.followUps];
  if (afterMs === undefined) return false;
  await startClocks(tx, row.id, [{ step: 'follow_up', dueMs: resultMs + afterMs, graceMs: 0, escalateTo: 'station' }]);
  return true;
}

const TIER_WORDS = {
  station: { zh: '派出所综合指挥室', en: 'station command room' },
  officer: { zh: '上门见面', en: 'visit at the door' },
  grid: { zh: '网格跟进', en: 'grid follow-up' },
} as const;
const LEVEL_WORDS: Readonly<Record<Level, string>> = { P1: '紧急', P2: '高危', P3: '中危', P4: '低危' };

/** Gives units their tasks, tells the feed, and queues a push for each that is new. */
export async function sendTasks(
  tx: LedgerTx,
  row: Pick<IncidentRow, 'id' | 'number' | 'level'>,
  planned: readonly PlannedTask[],
  { nowMs, by }: { nowMs: number; by: string },
): Promise<readonly TaskRow[]> {
  const fresh: TaskRow[] = [];
  for (const plan of planned) {
    const sent = await sendTask(tx, row.id, plan, nowMs);
    if (!sent.fresh) continue;
    fresh.push(sent.task);
    const words = TIER_WORDS[plan.tier];
    tx.journal.action({
      incidentId: row.id,
      kind: 'task_sent',
      atMs: nowMs,
      by,
      facts: { taskId: sent.task.id, tier: plan.tier, unit: plan.unit, etaMin: plan.etaMin },
      says: { zh: `已派任务:${plan.unitName}(${words.zh})`, en: `Task sent to ${plan.unitName} (${words.en})` },
    });
    await queuePush(tx, {
      dedupe: `task:${sent.task.id}`,
      target: `unit:${plan.unit}`,
      nowMs,
      payload: {
        title: `${LEVEL_WORDS[row.level]}预警 ${row.number}`,
        body: `${words.zh},请立即签收`,
        incidentId: row.id,
        taskId: sent.task.id,
        level: row.level,
      },
    });
  }
  return fresh;
}
