import { codedResults, learnedIncidents, type CodedRow, type LearnedIncident, type Ledger, type Queries } from '@skyeye/ledger';
import { FRAUD_BY_RESULT, settledOf, type CodedResult, type FiledCase, type Judged, type Treated, type Visited } from '@skyeye/learning';

/** Incidents of a time with everything that was coded about them since. */
export interface Gathered {
  readonly incidents: readonly LearnedIncident[];
  readonly results: readonly CodedResult[];
}

/** A judgement soon after the last assessment still is about the incident. */
const AFTER_MS = 30 * 60_000;
/** What an incident tells began at most so long before it was opened. */
const BEFORE_MS = 2 * 3_600_000;

/** Reads the ledger in one snapshot. Cost: two statements. */
export function gather(ledger: Pick<Ledger, 'read'>, span: { readonly fromMs: number; readonly toMs: number }): Promise<Gathered> {
  return ledger.read(async (queries: Queries) => {
    const incidents = await learnedIncidents(queries, span);
    const byId = new Map(incidents.map((incident) => [incident.id, incident]));
    const coded = await codedResults(queries, { fromMs: span.fromMs, toMs: span.toMs });
    return { incidents, results: coded.flatMap((row) => resultOf(row, byId.get(row.incidentId))) };
  });
}

function resultOf({ incidentId, atMs, team, kind, result }: CodedRow, incident: LearnedIncident | undefined): CodedResult[] {
  if (incident === undefined) return [];
  const { person, createdMs, assessedMs, scam, machineLevel: level, openedScore: score, exploration, exploreChance } = incident;
  const untilMs = Math.min(atMs, assessedMs + AFTER_MS);
  return [
    {
      incidentId,
      person,
      fromMs: createdMs - BEFORE_MS,
      untilMs: Math.max(createdMs, untilMs),
      atMs,
      kind,
      result,
      scam,
      level,
      score,
      team,
      chance: exploration ? exploreChance : 1,
    },
  ];
}

const isAbove = ({ machineLevel }: LearnedIncident): boolean => machineLevel === 'P1' || machineLevel === 'P2';

/** What estimates need. A result by telephone below the bar stays in as it is: it is not drawn, so it only shows the bias. */
export function visitedOf({ incidents, results }: Gathered, nowMs: number): Visited[] {
  const settled = new Map(settledOf(results, nowMs).map((one) => [one.incidentId, one]));
  return incidents.map((incident) => {
    const result = settled.get(incident.id);
    const above = isAbove(incident);
    return {
      above,
      chance: above ? 1 : incident.exploreChance,
      chosen: above || incident.exploration,
      fraud: result === undefined ? null : FRAUD_BY_RESULT[result.result],
      stratum: `${above ? 'above' : 'below'} ${incident.urban ? 'town' : 'country'}`,
    };
  });
}

/** What was said at the opening and what was found, of those visited by level or by draw: others would be a selection by telephone. */
export function judgedOf({ incidents, results }: Gathered, nowMs: number): Judged[] {
  const settled = new Map(settledOf(results, nowMs).map((one) => [one.incidentId, one]));
  return incidents.flatMap((incident) => {
    const result = settled.get(incident.id);
    const fraud = result === undefined ? null : FRAUD_BY_RESULT[result.result];
    const above = isAbove(incident);
    if (fraud === null || !(above || incident.exploration)) return [];
    const groups = [...(incident.scam === null ? [] : [incident.scam]), ...incident.sources.map((source) => `source:${source}`)];
    return [{ said: incident.openedScore, fraud, weight: above ? 1 : Math.min(5, 1 / incident.exploreChance), groups }];
  });
}

/** Everybody with an incident, by group. A filed case counts for who had none above the bar. */
export function treatedOf({ incidents, results }: Gathered, cases: readonly FiledCase[], nowMs: number): Treated[] {
  const settled = new Map(settledOf(results, nowMs).map((one) => [one.incidentId, one]));
  const filed = new Set(cases.map(({ person }) => person));
  return incidents.map((incident) => {
    const result = settled.get(incident.id);
    const coded = result === undefined ? null : FRAUD_BY_RESULT[result.result];
    return { groups: groupsOf(incident, nowMs), alerted: isAbove(incident), fraud: filed.has(incident.person) ? true : coded };
  });
}

function groupsOf({ sex, bornYear, local }: LearnedIncident, nowMs: number): Record<string, string> {
  const age = bornYear === null ? null : new Date(nowMs).getUTCFullYear() - bornYear;
  return {
    age: age === null ? 'unknown' : age < 25 ? 'under 25' : age < 60 ? '25 to 59' : '60 and over',
    sex: sex === null ? 'unknown' : sex === 'f' ? 'women' : 'men',
    origin: local === null ? 'unknown' : local ? 'registered here' : 'moved in',
  };
}
