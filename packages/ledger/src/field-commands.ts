import type { Position, Report, TaskStep } from '@skyeye/contracts';
import { STOPS, takeTaskStep } from '@skyeye/response';
import { bodyHash } from './canonical.ts';
import { stopClocks } from './clocks.ts';
import { resultWithin } from './commands.ts';
import { errors } from './errors.ts';
import { getIncident, saveIncident, type IncidentChanges, type IncidentRow } from './incidents.ts';
import type { Ledger, LedgerTx } from './ledger.ts';
import { onceWithBody } from './processed.ts';
import { changesOf, clocksAfterMeeting, type Actor } from './steps.ts';
import { getTask, saveTask, type TaskRow } from './tasks.ts';

/** A step from a terminal. `step.clientId` makes a repeated sending harmless: it gives the task as it is now. */
export interface FieldInput {
  readonly taskId: string;
  /** `unit` must be the task's. */
  readonly actor: Actor;
  /** County time at the server; what the terminal says counts when it was offline, but never the future. */
  readonly nowMs: number;
  readonly step: TaskStep;
}

/** Steps older than this are taken for the time of arrival: a terminal's clock cannot rewrite a day. */
export const OFFLINE_MAX_MS = 24 * 3_600_000;

const timeOf = (nowMs: number, saidMs: number, createdMs: number): number =>
  saidMs > nowMs || nowMs - saidMs > OFFLINE_MAX_MS || saidMs < createdMs ? nowMs : saidMs;

async function fieldStep(
  ledger: Ledger,
  { taskId, actor, nowMs, body }: { taskId: string; actor: Actor; nowMs: number; body: { readonly clientId: string } },
  kind: string,
  work: (tx: LedgerTx, task: TaskRow, row: IncidentRow) => Promise<{ task: Partial<TaskRow>; incident: IncidentChanges }>,
): Promise<TaskRow> {
  return ledger.tx(async (tx) => {
    const { incidentId } = await getTask(tx, taskId);
    // The incident first, then its tasks: the one order of locks.
    const row = await getIncident(tx, incidentId, { lock: true });
    const task = await getTask(tx, taskId, { lock: true });
    if (task.unit !== actor.unit) throw errors.notYours();
    const first = await onceWithBody(tx, {
      kind: 'task_step',
      id: `${actor.account}:${body.clientId}`,
      atMs: nowMs,
      hash: bodyHash({ taskId, kind, body }),
    });
    if (!first) return task;
    const changes = await work(tx, task, row);
    await saveIncident(tx, row, changes.incident, nowMs);
    return saveTask(tx, task, changes.task);
  });
}

const place = (step: TaskStep, atMs: number): { position?: Position } =>
  step.lon === null || step.lat === null ? {} : { position: { lon: step.lon, lat: step.lat, radiusM: 50, atMs } };

/** Accepts a task. A station's command room that accepts has signed 签收; an officer who accepts is on the way. */
export function acceptTask(ledger: Ledger, { taskId, actor, nowMs, step }: FieldInput): Promise<TaskRow> {
  return fieldStep(ledger, { taskId, actor, nowMs, body: step }, 'accept', async (tx, task, row) => {
    const state = takeTaskStep(task.state, 'accept');
    const atMs = timeOf(nowMs, step.atMs, task.createdMs);
    const isStation = task.tier === 'station';
    await stopClocks(tx, row.id, isStation ? STOPS.sign : STOPS.go, atMs);
    tx.journal.action({
      incidentId: row.id,
      kind: 'task_accepted',
      atMs,
      by: actor.account,
      facts: { taskId, tier: task.tier, unit: task.unit },
      says: { zh: `${task.unitName}已接单`, en: `${task.unitName} accepted` },
    });
    tx.journal.audit({ atMs, by: actor.account, kind: 'task_accepted', subject: taskId });
    const incident = changesOf(row, { step: isStation ? 'sign' : task.tier === 'officer' ? 'go' : 'send', atMs });
    const signed = isStation && row.signedMs === null ? { signedBy: actor.account, signedMs: atMs } : {};
    return { task: { state, assignee: actor.account, acceptedMs: atMs }, incident: { ...incident, ...signed } };
  });
}

export function arrive(ledger: Ledger, { taskId, actor, nowMs, step }: FieldInput): Promise<TaskRow> {
  return fieldStep(ledger, { taskId, actor, nowMs, body: step }, 'arrive', async (tx, task, row) => {
    const state = takeTaskStep(task.state, 'arrive');
    const atMs = timeOf(nowMs, step.atMs, task.createdMs);
    await stopClocks(tx, row.id, STOPS.arrive, atMs);
    tx.journal.action({
      incidentId: row.id,
      kind: 'arrived',
      atMs,
      by: actor.account,
      facts: { taskId, unit: task.unit },
      says: { zh: `${task.unitName}已到达`, en: `${task.unitName} arrived` },
    });
    tx.journal.audit({ atMs, by: actor.account, kind: 'task_arrived', subject: taskId });
    return {
      task: { state, assignee: task.assignee ?? actor.account, acceptedMs: task.acceptedMs ?? atMs, arrivedMs: atMs },
      incident: changesOf(row, { step: 'go', atMs }),
    };
  });
}

/** Met face to face 见面: what P1 and P2 need before they can be closed. */
export function meet(ledger: Ledger, { taskId, actor, nowMs, step }: FieldInput): Promise<TaskRow> {
  return fieldStep(ledger, { taskId, actor, nowMs, body: step }, 'meet', async (tx, task, row) => {
    const state = takeTaskStep(task.state, 'meet');
    const atMs = timeOf(nowMs, step.atMs, task.createdMs);
    const incident = changesOf(row, { step: 'meet', atMs });
    if (row.metMs === null) await clocksAfterMeeting(tx, row, atMs);
    tx.journal.action({
      incidentId: row.id,
      kind: 'met',
      atMs,
      by: actor.account,
      facts: { taskId, unit: task.unit },
      says: { zh: `${task.unitName}已见到本人`, en: `${task.unitName} met the person` },
    });
    tx.journal.audit({ atMs, by: actor.account, kind: 'task_met', subject: taskId });
    return {
      task: {
        state,
        assignee: task.assignee ?? actor.account,
        acceptedMs: task.acceptedMs ?? atMs,
        arrivedMs: task.arrivedMs ?? atMs,
        metMs: atMs,
      },
      incident: { ...incident, ...place(step, atMs) },
    };
  });
}

/** The coded form of DOMAIN §1.4. A form that says "met face to face" counts as the meeting, if it was not noted before. */
export function reportTask(
  ledger: Ledger,
  { taskId, actor, nowMs, report }: Omit<FieldInput, 'step'> & { readonly report: Report },
): Promise<TaskRow> {
  return fieldStep(ledger, { taskId, actor, nowMs, body: report }, 'report', async (tx, task, row) => {
    const state = takeTaskStep(task.state, 'report');
    const atMs = timeOf(nowMs, report.filledMs, task.createdMs);
    let current = row;
    const metNow = report.meeting === 'face' && report.metWho === 'self';
    if (metNow && row.metMs === null) {
      current = { ...row, ...changesOf(row, { step: 'meet', atMs }) };
      await clocksAfterMeeting(tx, row, atMs);
    }
    const result = await resultWithin(tx, current, {
      nowMs: atMs,
      by: actor.account,
      result: report.result,
      falseAlarmCause: report.falseAlarmCause,
      lostFen: report.transferred ? report.transferredFen : 0,
      facts: {
        taskId,
        metWho: report.metWho,
        meeting: report.meeting,
        transferred: report.transferred,
        appRemoved: report.appRemoved,
        antifraudApp: report.antifraudApp,
        notes: report.notes,
      },
    });
    const scam = report.scam === null ? {} : { scam: report.scam };
    const met = metNow ? { metMs: task.metMs ?? atMs, arrivedMs: task.arrivedMs ?? atMs } : {};
    return {
      task: { state, assignee: task.assignee ?? actor.account, acceptedMs: task.acceptedMs ?? atMs, resultedMs: atMs, report, ...met },
      incident: { metMs: current.metMs, ...result, ...scam },
    };
  });
}

/** The officer at the door asks for a stop payment. It is a wish on the incident: the desk decides (invariant 4). */
export function requestStop(ledger: Ledger, { taskId, actor, nowMs, step }: FieldInput): Promise<TaskRow> {
  return fieldStep(ledger, { taskId, actor, nowMs, body: step }, 'request_stop', async (tx, task, row) => {
    const atMs = timeOf(nowMs, step.atMs, task.createdMs);
    tx.journal.action({
      incidentId: row.id,
      kind: 'hold_asked',
      atMs,
      by: actor.account,
      facts: { taskId, unit: task.unit },
      says: { zh: `${task.unitName}请求止付`, en: `${task.unitName} asks for a stop payment` },
    });
    tx.journal.audit({ atMs, by: actor.account, kind: 'hold_asked', subject: row.id, facts: { taskId } });
    return { task: {}, incident: {} };
  });
}
