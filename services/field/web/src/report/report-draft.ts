import { report, type FieldTask, type Report, type ResultCode, type Scam, type FALSE_ALARM_CAUSES } from '@skyeye/contracts';

/** The form while it is filled in: nothing is preset that a person has to know. */
export interface Draft {
  readonly result: ResultCode | null;
  readonly cause: keyof typeof FALSE_ALARM_CAUSES | null;
  readonly scam: Scam | null;
  readonly metWho: Report['metWho'] | null;
  readonly meeting: Report['meeting'] | null;
  readonly transferred: boolean | null;
  readonly amountYuan: string;
  readonly stillOnCall: boolean;
  readonly appRemoved: boolean;
  readonly antifraudApp: boolean;
  readonly notes: string;
}

export const emptyDraft = (task: FieldTask): Draft => ({
  result: null,
  cause: null,
  scam: task.scam,
  metWho: null,
  meeting: null,
  transferred: null,
  amountYuan: '',
  stillOnCall: false,
  appRemoved: false,
  antifraudApp: false,
  notes: '',
});

export type Missing = 'result' | 'cause' | 'amount' | 'met' | 'who' | 'meeting' | 'transferred';

const LOSSES: readonly (ResultCode | null)[] = ['lost', 'partial_loss'];
/** Results of a task in which nobody could be met. */
const WITHOUT_MEETING: readonly (ResultCode | null)[] = ['not_found', 'not_holder'];

/** Yuan as typed to fen; null where it is no amount. */
export function fenOf(yuan: string): number | null {
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(yuan.trim())) return null;
  return Math.round(Number(yuan.trim()) * 100);
}

/** What is still missing, in the order of the form. The server holds the same guards. */
export function missing(draft: Draft, task: FieldTask): Missing[] {
  const met = task.metMs !== null || task.state === 'met';
  const grave = task.level === 'P1' || task.level === 'P2';
  const list: (Missing | false)[] = [
    draft.result === null && 'result',
    draft.result === 'false_alarm' && draft.cause === null && 'cause',
    draft.result !== null && grave && !met && task.tier !== 'grid' && !WITHOUT_MEETING.includes(draft.result) && 'met',
    draft.metWho === null && 'who',
    draft.meeting === null && 'meeting',
    draft.transferred === null && 'transferred',
    (LOSSES.includes(draft.result) || draft.transferred === true) && (fenOf(draft.amountYuan) ?? 0) <= 0 && 'amount',
  ];
  return list.filter((one) => one !== false);
}

/** The form as the contract wants it. Call it only when nothing is missing. */
export function reportOf(draft: Draft, clientId: string, filledMs: number): Report {
  const { result, metWho, meeting } = draft;
  return report.parse({
    clientId,
    result,
    metWho,
    meeting,
    falseAlarmCause: result === 'false_alarm' ? draft.cause : null,
    scam: draft.scam,
    transferred: draft.transferred === true,
    transferredFen: draft.transferred === true || LOSSES.includes(result) ? (fenOf(draft.amountYuan) ?? 0) : 0,
    stillOnCall: draft.stillOnCall,
    appRemoved: draft.appRemoved,
    antifraudApp: draft.antifraudApp,
    notes: draft.notes.trim(),
    filledMs,
  });
}
