import {
  auditList,
  budgetSeen,
  county,
  erasureAsked,
  erasureList,
  erasureState,
  incidentDetail,
  incidentList,
  me,
  modelList,
  ruleHistory,
  ruleList,
  sourceList,
  subjectList,
  unitOption,
  unknownList,
  unmasked,
  type CALL_RESULTS,
  type ErasureAsk,
  type FALSE_ALARM_CAUSES,
  type Level,
  type ResultCode,
  type SubjectDraftDecision,
  type UnitOption,
} from '@skyeye/contracts';
import { change, get } from './client.ts';

const at = (id: string, verb?: string): string => `./api/incidents/${encodeURIComponent(id)}${verb === undefined ? '' : `/${verb}`}`;
/** The options stand alone or under `units`. */
const units = {
  parse: (body: unknown): UnitOption[] => unitOption.array().parse(Array.isArray(body) ? body : (body as { units?: unknown }).units),
};

export type CallResult = keyof typeof CALL_RESULTS;
export type FalseAlarmCause = keyof typeof FALSE_ALARM_CAUSES;

/** The routes of the command centre, one function each. */
export const api = {
  signIn: (account: string, password: string) => change('POST', './api/session', { account, password }),
  signOut: () => change('DELETE', './api/session'),
  me: () => get('./api/me', me),
  incidents: () => get('./api/incidents?state=open&limit=500', incidentList),
  incident: (id: string) => get(at(id), incidentDetail),
  units: (id: string) => get(at(id, 'units'), units),
  county: () => get('./api/county', county),
  sources: () => get('./api/sources', sourceList),
  audit: (before: number | null) => get(`./api/audit?limit=100${before === null ? '' : `&before=${before}`}`, auditList),
  sign: (id: string, version: number) => change('POST', at(id, 'sign'), { version }),
  call: (id: string, body: { version: number; result: CallResult; note: string }) => change('POST', at(id, 'calls'), body),
  dispatch: (id: string, body: { version: number; unit: string; note: string }) => change('POST', at(id, 'dispatches'), body),
  level: (id: string, body: { version: number; level: Level; reason: string }) => change('POST', at(id, 'level'), body),
  giveBack: (id: string, body: { version: number; station: string; reason: string }) => change('POST', at(id, 'returns'), body),
  close: (id: string, body: { version: number; result: ResultCode; falseAlarmCause: FalseAlarmCause | null; note: string }) =>
    change('POST', at(id, 'close'), body),
  note: (id: string, text: string) => change('POST', at(id, 'notes'), { text }),
  review: (
    id: string,
    body: { version: number; result: ResultCode; falseAlarmCause: FalseAlarmCause | null; appeal: boolean; reason: string },
  ) => change('POST', at(id, 'review'), body),
  subjects: () => get('./api/subjects', subjectList),
  decideDraft: (id: string, body: SubjectDraftDecision) => change('POST', `./api/subjects/${id}/draft`, body),
  unknowns: () => get('./api/unknowns', unknownList),
  decideUnknown: (day: string, rank: number, body: { verdict: 'harmless' | 'suspicious'; note: string }) =>
    change('POST', `./api/unknowns/${day}/${rank}/verdict`, body),
  unmask: async (id: string, purpose: string) => unmasked.parse(await change('POST', at(id, 'unmask'), { purpose })),
  replay: (id: string) => change('POST', `./api/quarantine/${encodeURIComponent(id)}/replay`),
  rules: () => get('./api/rules', ruleList),
  rule: (id: string) => get(`./api/rules/${encodeURIComponent(id)}`, ruleHistory),
  actOnRule: (id: string, step: string, body: Readonly<Record<string, unknown>>) =>
    change('POST', `./api/rules/${encodeURIComponent(id)}/${step}`, body),
  models: () => get('./api/models', modelList),
  actOnModel: (name: string, step: string, body: Readonly<Record<string, unknown>>) =>
    change('POST', `./api/models/${encodeURIComponent(name)}/${step}`, body),
  budget: () => get('./api/budget', budgetSeen),
  erasures: () => get('./api/erasures', erasureList),
  askErasure: async (body: ErasureAsk) => erasureAsked.parse(await change('POST', './api/erasures', body)),
  approveErasure: async (id: string) => erasureState.parse(await change('POST', `./api/erasures/${encodeURIComponent(id)}/approve`, {})),
  refuseErasure: (id: string, reason: string) => change('POST', `./api/erasures/${encodeURIComponent(id)}/refuse`, { reason }),
};
