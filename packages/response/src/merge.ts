import type { IncidentState, Level } from '@skyeye/contracts';
import { levelRank, moreUrgent, raisedBy } from './levels.ts';

const HOUR = 3_600_000;
/** A scam episode: alerts on one person within it are one incident. */
export const MERGE_WINDOW_MS = 72 * HOUR;
/** Assessments of one episode come in a stream; after so long a silence the next one is a new alert. */
export const REALERT_SILENCE_MS = 6 * HOUR;

export interface KnownIncident {
  readonly state: IncidentState;
  readonly level: Level;
  /** Most urgent level the machine gave since the last alert. Above `level` when a person lowered it. */
  readonly machineLevel: Level;
  /** As-of time of the last assessment that had a level. */
  readonly lastAlertMs: number;
}

export type Judgement =
  /** No incident and nothing to open. */
  | { readonly kind: 'ignore' }
  | { readonly kind: 'open'; readonly level: Level }
  /** The same alert goes on; `level` may be more urgent than before. */
  | { readonly kind: 'continue'; readonly level: Level; readonly machineLevel: Level }
  /** A new alert within 72 h: level raised by a step, clocks start again, an answered incident opens again. */
  | { readonly kind: 'realert'; readonly level: Level; readonly machineLevel: Level }
  /** Below the threshold: what is known is brought up to date, nothing else. */
  | { readonly kind: 'update' };

const ANSWERED: readonly IncidentState[] = ['MET', 'PHONE_DONE', 'UNREACHED', 'RESULTED', 'FOLLOWUP', 'CLOSED'];
/** A stream of assessments does not stop at the moment someone met the person: so long it still belongs to the old alert. */
export const ANSWER_SILENCE_MS = 10 * 60_000;

/**
 * What an assessment means for the incident of its person (the open one, else the last one within the window).
 * The level never falls here. A re-alert raises by one step, but not more than one above what the assessment itself
 * says: a weak signal that returns every day must not climb to P1 by patience alone.
 */
export function judge(assessment: { readonly level: Level | null; readonly t: number }, known: KnownIncident | null): Judgement {
  const { level, t } = assessment;
  if (known === null || (known.state === 'CLOSED' && t - known.lastAlertMs > MERGE_WINDOW_MS))
    return level === null ? { kind: 'ignore' } : { kind: 'open', level };
  if (level === null) return known.state === 'CLOSED' ? { kind: 'ignore' } : { kind: 'update' };
  const silence = ANSWERED.includes(known.state) ? ANSWER_SILENCE_MS : REALERT_SILENCE_MS;
  if (t - known.lastAlertMs >= silence) {
    const byStep = moreUrgent(raisedBy(known.level, 1), level);
    const bound = raisedBy(level, 1);
    const raised = levelRank(byStep) < levelRank(bound) ? moreUrgent(known.level, bound) : byStep;
    return { kind: 'realert', level: raised, machineLevel: moreUrgent(level, raised) };
  }
  if (known.state === 'CLOSED') return { kind: 'ignore' };
  const machineLevel = moreUrgent(known.machineLevel, level);
  // A person lowered it: the machine raises it again only when it says something more urgent than what was lowered.
  const raises = levelRank(level) < levelRank(known.machineLevel);
  return { kind: 'continue', level: raises ? moreUrgent(known.level, level) : known.level, machineLevel };
}
