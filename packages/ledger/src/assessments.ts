import { SCAMS, type Assessment, type Bilingual, type Level, type Position } from '@skyeye/contracts';
import {
  judge,
  MERGE_WINDOW_MS,
  planTiers,
  STOPS,
  TIERS_AT_ONCE,
  type Judgement,
  type Places,
  type TierPlan,
  type Whereabouts,
} from '@skyeye/response';
import { stopClocks } from './clocks.ts';
import { attachHolds } from './holds.ts';
import {
  incidentIdOf,
  incidentOf,
  insertIncident,
  nextNumber,
  putEvidence,
  saveIncident,
  type IncidentChanges,
  type IncidentRow,
} from './incidents.ts';
import { belowBar } from './learning.ts';
import type { Ledger, LedgerTx } from './ledger.ts';
import { markProcessed } from './processed.ts';
import { residentsOf } from './residents.ts';
import { heedReturns } from './returned-stations.ts';
import { changesOf, restartOpenClocks, sendTasks, startAlertClocks } from './steps.ts';

export interface Recorded {
  readonly kind: Judgement['kind'] | 'replayed';
  readonly incidentId: string | null;
  readonly level: Level | null;
}

/** Draws a case below the bar, to learn what the bar leaves out: with which chance, and whether it was drawn. The same for the same incident. */
export type Explore = (
  incidentId: string,
  below: { readonly cases: number; readonly days: number },
) => { readonly chance: number; readonly drawn: boolean };

/**
 * One assessment, in one transaction: the incident made, merged or brought up to date, its level, evidence, tasks,
 * clocks, pushes, feed and audit. The same id again changes nothing (invariant 3).
 * @param nowMs county time; clocks start at it
 * @param explore without it nobody below the bar is drawn
 * Cost: 15 round trips for a new incident, 6 for an update, 2 for what is ignored.
 */
export function recordAssessment(
  ledger: Ledger,
  places: Places,
  assessment: Assessment,
  nowMs: number,
  explore: Explore | null = null,
): Promise<Recorded> {
  return ledger.tx(async (tx) => {
    // Two processes that both think they own the partition wait here for each other.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [assessment.person]);
    if (!(await markProcessed(tx, 'assessment', assessment.id, nowMs))) return { kind: 'replayed', incidentId: null, level: null };
    const found = await incidentOf(tx, assessment.person);
    const judged = judge(
      assessment,
      found === null ? null : { state: found.state, level: found.level, machineLevel: found.machineLevel, lastAlertMs: found.alertMs },
    );
    switch (judged.kind) {
      case 'ignore':
        return { kind: 'ignore', incidentId: null, level: null };
      case 'open':
        return open(tx, places, { assessment, level: judged.level, nowMs, explore });
      default: {
        if (found === null) throw new Error('an assessment was merged into nothing');
        return merge(tx, places, { assessment, judged, found, nowMs });
      }
    }
  });
}

async function open(
  tx: LedgerTx,
  places: Places,
  { assessment, level, nowMs, explore }: { assessment: Assessment; level: Level; nowMs: number; explore: Explore | null },
): Promise<Recorded> {
  const id = incidentIdOf(assessment.id);
  const isBelow = level === 'P3' || level === 'P4';
  const { chance, drawn } = explore === null || !isBelow ? { chance: 0, drawn: false } : explore(id, await belowBar(tx, nowMs));
  const position = positionOf(places, assessment);
  const asked = { level, whereabouts: await whereabouts(tx, assessment.person, position), nowMs };
  // Somebody goes, within the day and at the level that it has: a visit that tells us something is no alarm.
  const plan = planTiers(places, drawn ? { ...asked, only: ['station', 'officer', 'grid'] } : asked);
  const row: IncidentRow = {
    id,
    number: await nextNumber(tx, nowMs),
    person: assessment.person,
    level,
    machineLevel: level,
    state: plan.tasks.length > 0 ? 'DISPATCHED' : 'CREATED',
    ...known(assessment, null),
    why: whyOf(assessment),
    position,
    alerts: 1,
    calls: 0,
    station: plan.station.code,
    stationName: plan.station.name,
    urban: plan.urban,
    signedBy: null,
    signedMs: null,
    metMs: null,
    resultedMs: null,
    closedMs: null,
    result: null,
    falseAlarmCause: null,
    followUps: 0,
    createdMs: nowMs,
    updatedMs: nowMs,
    alertMs: assessment.t,
    version: 1,
    actedVersion: 1,
    openedScore: assessment.score,
    exploreChance: chance,
    exploration: drawn,
  };
  await insertIncident(tx, row);
  const fresh = await putEvidence(tx, id, axisOf(assessment));
  await attachHolds(tx, id, assessment.person, nowMs - MERGE_WINDOW_MS);
  tx.journal.action({
    incidentId: id,
    kind: 'created',
    atMs: nowMs,
    by: 'dispatcher',
    facts: { level, score: assessment.score, assessment: assessment.id },
    says: { zh: `预警生成,${level}:${row.why.zh}`, en: `Alert, ${level}: ${row.why.en}` },
  });
  tx.journal.audit({
    atMs: nowMs,
    by: 'dispatcher',
    kind: 'incident_created',
    subject: id,
    facts: { assessment: assessment.id, level, score: assessment.score, versions: assessment.versions },
  });
  if (drawn) {
    tx.journal.action({
      incidentId: id,
      kind: 'note',
      atMs: nowMs,
      by: 'dispatcher',
      facts: { exploration: true, chance },
      says: {
        zh: '抽样走访:随机抽中,用于检验漏报;级别不变,24小时内见面并如实填写结果',
        en: 'Drawn at random to learn what stays below the bar; the level stays, a visit within the day, the result as it is found',
      },
    });
    tx.journal.audit({ atMs: nowMs, by: 'dispatcher', kind: 'exploration_drawn', subject: id, facts: { chance } });
  }
  tx.journal.evidence(id, nowMs, fresh);
  await startAlertClocks(tx, row, nowMs);
  await tell(tx, row, plan, nowMs);
  return { kind: 'open', incidentId: id, level };
}

async function merge(
  tx: LedgerTx,
  places: Places,
  {
    assessment,
    judged,
    found,
    nowMs,
  }: { assessment: Assessment; judged: Exclude<Judgement, { kind: 'ignore' | 'open' }>; found: IncidentRow; nowMs: number },
): Promise<Recorded> {
  const fresh = await putEvidence(tx, found.id, axisOf(assessment));
  const position = latest(positionOf(places, assessment), found.position);
  const base = { ...known(assessment, found), position };
  tx.journal.evidence(found.id, nowMs, fresh);
  const withdrawn = assessment.change?.kind === 'withdrawn' && assessment.t >= found.assessedMs;
  takeBack(tx, found, assessment, nowMs);
  if (judged.kind === 'update') {
    const row = await saveIncident(tx, found, withdrawn ? { ...base, why: withdrawnWhy(assessment) } : base, nowMs, { quiet: !withdrawn });
    tx.journal.changed(row.id, nowMs);
    return { kind: 'update', incidentId: row.id, level: row.level };
  }
  const isNew = judged.kind === 'realert';
  const step = isNew ? changesOf(found, { step: 'realert', atMs: nowMs }) : null;
  const reopened = step?.state === 'REOPENED';
  const raised = judged.level !== found.level;
  const plan =
    isNew || raised
      ? await heedReturns(
          tx,
          found,
          planTiers(places, { level: judged.level, whereabouts: await whereabouts(tx, assessment.person, position), nowMs }),
        )
      : null;
  const changes: IncidentChanges = {
    ...base,
    ...step,
    why: raised || isNew || (assessment.reasons.length > 0 && assessment.t >= found.assessedMs) ? whyOf(assessment) : found.why,
    level: judged.level,
    machineLevel: judged.machineLevel,
    alertMs: Math.max(found.alertMs, assessment.t),
    alerts: found.alerts + (isNew ? 1 : 0),
    ...(reopened ? { closedMs: null, resultedMs: null, signedBy: null, signedMs: null, followUps: 0 } : {}),
    ...(plan === null ? {} : { station: plan.station.code, stationName: plan.station.name, urban: plan.urban }),
  };
  const row = await saveIncident(tx, found, changes, nowMs, { quiet: !isNew && !raised });
  if (isNew) {
    tx.journal.action({
      incidentId: row.id,
      kind: reopened ? 'reopened' : 'merged',
      atMs: nowMs,
      by: 'dispatcher',
      facts: { level: row.level, assessment: assessment.id },
      says: { zh: `72小时内再次预警,并入本工单(第${row.alerts}次)`, en: `Alerted again within 72 h, merged (alert ${row.alerts})` },
    });
    tx.journal.audit({
      atMs: nowMs,
      by: 'dispatcher',
      kind: 'incident_realerted',
      subject: row.id,
      facts: { assessment: assessment.id, level: row.level },
    });
  }
  if (raised) {
    tx.journal.action({
      incidentId: row.id,
      kind: 'raised',
      atMs: nowMs,
      by: 'dispatcher',
      facts: { from: found.level, to: row.level },
      says: {
        zh: `级别由${found.level}升为${row.level}:${row.why.zh}`,
        en: `Level raised from ${found.level} to ${row.level}: ${row.why.en}`,
      },
    });
    tx.journal.audit({
      atMs: nowMs,
      by: 'dispatcher',
      kind: 'level_raised',
      subject: row.id,
      facts: { from: found.level, to: row.level, assessment: assessment.id },
    });
  }
  if (isNew) await startAlertClocks(tx, row, nowMs, row.signedMs === null ? [] : ['sign']);
  else if (raised) await restartOpenClocks(tx, row, nowMs);
  if (plan !== null) await tell(tx, row, plan, nowMs);
  tx.journal.changed(row.id, nowMs);
  return { kind: judged.kind, incidentId: row.id, level: row.level };
}

/** What was said is shown as taken back, with the reason; the incident, its level and its reasons stay until a person decides. */
function takeBack(tx: LedgerTx, { id, level }: IncidentRow, { change, level: now, id: assessment }: Assessment, nowMs: number): void {
  if (change === undefined || change.kind === 'raised') return;
  const { kind, from, because } = change;
  const says =
    kind === 'withdrawn'
      ? {
          zh: `预警撤回(原${from}):${because.zh};工单保留,由民警决定`,
          en: `Alert withdrawn (was ${from}): ${because.en}; the incident stays until a person decides`,
        }
      : {
          zh: `研判更正,由${from}降为${now ?? ''}:${because.zh};工单级别仍为${level}`,
          en: `Assessment corrected from ${from} to ${now ?? ''}: ${because.en}; the incident stays ${level}`,
        };
  tx.journal.action({
    incidentId: id,
    kind: kind === 'withdrawn' ? 'withdrawn' : 'note',
    atMs: nowMs,
    by: 'dispatcher',
    facts: { from, to: now, assessment },
    says,
  });
  tx.journal.audit({
    atMs: nowMs,
    by: 'dispatcher',
    kind: kind === 'withdrawn' ? 'alert_withdrawn' : 'alert_corrected',
    subject: id,
    facts: { from, to: now, assessment },
  });
}

const withdrawnWhy = ({ change }: Assessment): Bilingual => ({
  zh: `已撤回:${change?.because.zh ?? ''}`,
  en: `Withdrawn: ${change?.because.en ?? ''}`,
});

/** Sends the tiers of the plan; a station that was told has been dispatched to. */
async function tell(tx: LedgerTx, row: IncidentRow, plan: TierPlan, nowMs: number): Promise<void> {
  await sendTasks(tx, row, plan.tasks, { nowMs, by: 'dispatcher' });
  if (TIERS_AT_ONCE[row.level].station !== undefined && plan.tasks.length > 0) await stopClocks(tx, row.id, STOPS.send, nowMs);
}

async function whereabouts(tx: LedgerTx, person: string, position: Position | null): Promise<Whereabouts> {
  const resident = (await residentsOf(tx, [person])).get(person);
  const home = resident === undefined || resident.lon === null || resident.lat === null ? null : { lon: resident.lon, lat: resident.lat };
  return { position, home, community: resident?.community ?? null, grid: resident?.grid ?? null };
}

/** What an assessment says, in the columns of an incident. An older one than the last does not turn it back. */
function known(
  assessment: Assessment,
  before: IncidentRow | null,
): Pick<
  IncidentRow,
  | 'phone'
  | 'acct'
  | 'scam'
  | 'score'
  | 'expectedLossFen'
  | 'lostFen'
  | 'lossAtMs'
  | 'reasons'
  | 'sources'
  | 'live'
  | 'scoredBy'
  | 'versions'
  | 'assessedMs'
> {
  const sources = [...new Set([...(before?.sources ?? []), ...assessment.evidence.map((item) => item.stream)])].toSorted();
  const lostFen = Math.max(before?.lostFen ?? 0, assessment.lostFen);
  if (before !== null && assessment.t < before.assessedMs) {
    const { phone, acct, scam, score, expectedLossFen, lossAtMs, reasons, live, scoredBy, versions, assessedMs } = before;
    return { phone, acct, scam, score, expectedLossFen, lostFen, lossAtMs, reasons, sources, live, scoredBy, versions, assessedMs };
  }
  return {
    phone: assessment.phone ?? before?.phone ?? null,
    acct: assessment.acct ?? before?.acct ?? null,
    scam: assessment.scam ?? before?.scam ?? null,
    score: assessment.score,
    expectedLossFen: assessment.expectedLossFen,
    lostFen,
    lossAtMs: assessment.lossAtMs,
    reasons: assessment.reasons.length > 0 ? assessment.reasons : (before?.reasons ?? []),
    sources,
    live: assessment.live,
    scoredBy: assessment.scoredBy,
    versions: assessment.versions,
    assessedMs: assessment.t,
  };
}

/** One line in the words of an officer: what is going on with its times and amounts, else the reasons, strongest first. */
function whyOf({ picture, reasons, scam }: Assessment): Bilingual {
  if (picture !== undefined) return picture;
  const name = scam === null ? { zh: '疑似被骗', en: 'Likely being defrauded' } : SCAMS[scam];
  if (reasons.length === 0) return name;
  return { zh: reasons.map((reason) => reason.says.zh).join(' → '), en: reasons.map((reason) => reason.says.en).join(' → ') };
}

/** Evidence for the time axis. A bare report of a cell moves the point on the map and is no row, unless a reason rests on it. */
function axisOf({ evidence, reasons }: Assessment): Assessment['evidence'] {
  const cited = new Set(reasons.flatMap((entry) => entry.evidence));
  return evidence.filter(({ stream, facts, eventId }) => stream !== 'loc' || facts['ev'] !== 'cell' || cited.has(eventId));
}

/** A late report must not move the point back. */
const latest = (seen: Position | null, before: Position | null): Position | null =>
  seen === null || (before !== null && before.atMs > seen.atMs) ? before : seen;

/** Where the newest evidence says the person was: coordinates, or the cell that the county's file places. */
function positionOf(places: Places, { evidence }: Assessment): Position | null {
  let best: Position | null = null;
  for (const { t, facts } of evidence) {
    if (best !== null && t <= best.atMs) continue;
    const { lon, lat, radiusM, cell } = facts;
    if (typeof lon === 'number' && typeof lat === 'number')
      best = { lon, lat, radiusM: typeof radiusM === 'number' && radiusM >= 0 ? radiusM : 500, atMs: t };
    else if (typeof cell === 'string') {
      const found = places.county.cells.find(({ code }) => code === cell);
      if (found !== undefined) best = { lon: found.lon, lat: found.lat, radiusM: found.radiusM, atMs: t };
    }
  }
  return best;
}
