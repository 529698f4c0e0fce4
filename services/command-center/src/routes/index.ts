import type { Route } from '@skyeye/identity';
import type { Context } from '../deps.ts';
import { listAuditEntries } from './audit/list.ts';
import { getCounty } from './county/get.ts';
import { getBudget } from './budget/get.ts';
import { approveErasureRoute } from './erasures/approve.ts';
import { askErasureRoute } from './erasures/ask.ts';
import { listErasuresRoute } from './erasures/list.ts';
import { refuseErasureRoute } from './erasures/refuse.ts';
import { callIncident } from './incidents/call.ts';
import { closeIncident } from './incidents/close.ts';
import { dispatchIncident } from './incidents/dispatch.ts';
import { getIncident } from './incidents/get.ts';
import { levelIncident } from './incidents/level.ts';
import { listIncidents } from './incidents/list.ts';
import { noteIncident } from './incidents/note.ts';
import { returnIncident } from './incidents/return.ts';
import { reviewIncident } from './incidents/review.ts';
import { signIncident } from './incidents/sign.ts';
import { listUnits } from './incidents/units.ts';
import { unmaskIncident } from './incidents/unmask.ts';
import { listModelsRoute } from './models/list.ts';
import { promoteModelRoute } from './models/promote.ts';
import { proposeModelRoute } from './models/propose.ts';
import { retireModelRoute } from './models/retire.ts';
import { rollBackModelRoute } from './models/roll-back.ts';
import { watchModelRoute } from './models/watch.ts';
import { replayQuarantined } from './quarantine/replay.ts';
import { approveRuleRoute } from './rules/approve.ts';
import { backtestRule } from './rules/backtest.ts';
import { checkRule } from './rules/check.ts';
import { getRule } from './rules/get.ts';
import { listRulesRoute } from './rules/list.ts';
import { makeRuleLive } from './rules/live.ts';
import { proposeRuleRoute } from './rules/propose.ts';
import { retireRule } from './rules/retire.ts';
import { rollBackRuleRoute } from './rules/roll-back.ts';
import { shadowRule } from './rules/shadow.ts';
import { listSources } from './sources/list.ts';
import { getStream } from './stream/get.ts';
import { decideSubjectDraft } from './subjects/decide.ts';
import { listSubjectsRoute } from './subjects/list.ts';
import { listUnknownsRoute } from './unknowns/list.ts';
import { decideUnknownRoute } from './unknowns/verdict.ts';

/** Every route of the service, beside those of sign-in, operation and the console's files. A file not listed here is found by a test. */
export const routes = (context: Context): readonly Route[] => [
  listIncidents(context),
  getIncident(context),
  listUnits(context),
  signIncident(context),
  callIncident(context),
  dispatchIncident(context),
  returnIncident(context),
  levelIncident(context),
  closeIncident(context),
  reviewIncident(context),
  noteIncident(context),
  unmaskIncident(context),
  getCounty(context),
  getStream(context),
  listSources(context),
  listSubjectsRoute(context),
  decideSubjectDraft(context),
  replayQuarantined(context),
  listErasuresRoute(context),
  askErasureRoute(context),
  approveErasureRoute(context),
  refuseErasureRoute(context),
  getBudget(context),
  listAuditEntries(context),
  listRulesRoute(context),
  getRule(context),
  proposeRuleRoute(context),
  checkRule(context),
  backtestRule(context),
  shadowRule(context),
  approveRuleRoute(context),
  makeRuleLive(context),
  retireRule(context),
  rollBackRuleRoute(context),
  listModelsRoute(context),
  proposeModelRoute(context),
  watchModelRoute(context),
  promoteModelRoute(context),
  retireModelRoute(context),
  rollBackModelRoute(context),
  listUnknownsRoute(context),
  decideUnknownRoute(context),
];
