import {
  auditList,
  budgetSeen,
  county,
  erasureAsked,
  erasureList,
  erasureState,
  fieldTask,
  fieldTaskList,
  hold,
  holdReply,
  incident,
  incidentDetail,
  incidentList,
  me,
  modelList,
  modelRolledBack,
  ruleHistory,
  ruleList,
  ruleProposed,
  ruleRolledBack,
  sourceList,
  unitOption,
  subjectList,
  unknownList,
  unmasked,
  type Role,
  type Schema,
} from '../../packages/contracts/src/index.ts';
import { sessionRoutes, type Route, type SessionRoutesOptions } from '../../packages/identity/src/index.ts';
import { gatewayRoutes } from '../../services/bank-gateway/src/index.ts';
import { routes as consoleRoutes } from '../../services/command-center/src/routes/index.ts';
import { routes as fieldRoutes } from '../../services/field/src/routes/index.ts';
import { anyParts } from './parts.ts';

/** One document: whose routes, and what a success answers (null: no body; 'stream': server-sent events). */
export interface DocumentedService {
  readonly file: string;
  readonly title: string;
  readonly says: string;
  readonly routes: readonly Route[];
  readonly replies: Readonly<Record<string, Schema | null | 'stream'>>;
}

const session = { 'POST /api/session': me, 'DELETE /api/session': null, 'GET /api/me': me } as const;
const people = (...roles: readonly Role[]): readonly Route[] => sessionRoutes(anyParts<SessionRoutesOptions>({ roles }));

/** Every service with an API for others. A new one is one entry here; a route without its reply does not pass the test. */
export const SERVICES: readonly DocumentedService[] = [
  {
    file: 'bank-gateway',
    title: '小天眼 Skyeye: 警银直通车',
    says: 'For partner banks. Every request carries the key of the bank in the header x-skyeye-key; every POST besides its time and a nonce, against replays. A retry is the same requestId and body with a new time and nonce, and gets the stored answer.',
    routes: gatewayRoutes(anyParts()),
    replies: {
      'POST /v1/holds': holdReply,
      'POST /v1/holds/:id/confirmations': hold,
      'POST /v1/holds/:id/releases': hold,
      'GET /v1/holds/:id': hold,
    },
  },
  {
    file: 'command-center',
    title: '小天眼 Skyeye: command centre',
    says: 'For the console. A session cookie comes from POST /api/session.',
    routes: [...people('analyst', 'leader', 'station', 'operator', 'auditor'), ...consoleRoutes(anyParts())],
    replies: {
      ...session,
      'GET /api/incidents': incidentList,
      'GET /api/incidents/:id': incidentDetail,
      'GET /api/incidents/:id/units': unitOption.array(),
      'POST /api/incidents/:id/sign': incident,
      'POST /api/incidents/:id/calls': incident,
      'POST /api/incidents/:id/dispatches': incident,
      'POST /api/incidents/:id/returns': incident,
      'POST /api/incidents/:id/level': incident,
      'POST /api/incidents/:id/close': incident,
      'POST /api/incidents/:id/notes': incident,
      'POST /api/incidents/:id/review': incident,
      'POST /api/incidents/:id/unmask': unmasked,
      'GET /api/county': county,
      'GET /api/stream': 'stream',
      'GET /api/sources': sourceList,
      'POST /api/quarantine/:id/replay': null,
      'GET /api/erasures': erasureList,
      'POST /api/erasures': erasureAsked,
      'POST /api/erasures/:id/approve': erasureState,
      'POST /api/erasures/:id/refuse': null,
      'GET /api/budget': budgetSeen,
      'GET /api/audit': auditList,
      'GET /api/rules': ruleList,
      'GET /api/rules/:rule': ruleHistory,
      'POST /api/rules': ruleProposed,
      'POST /api/rules/:rule/check': null,
      'POST /api/rules/:rule/backtest': null,
      'POST /api/rules/:rule/shadow': null,
      'POST /api/rules/:rule/approve': null,
      'POST /api/rules/:rule/live': null,
      'POST /api/rules/:rule/retire': null,
      'POST /api/rules/:rule/roll-back': ruleRolledBack,
      'GET /api/models': modelList,
      'POST /api/models': null,
      'POST /api/models/:model/watch': null,
      'POST /api/models/:model/promote': null,
      'POST /api/models/:model/retire': null,
      'POST /api/models/:model/roll-back': modelRolledBack,
      'GET /api/subjects': subjectList,
      'POST /api/subjects/:id/draft': null,
      'GET /api/unknowns': unknownList,
      'POST /api/unknowns/:day/:rank/verdict': null,
    },
  },
  {
    file: 'field',
    title: '小天眼 Skyeye: field terminals',
    says: 'For the app of officers, teams and grid workers. A session cookie comes from POST /api/session.',
    routes: [...people('officer', 'team', 'grid', 'station'), ...fieldRoutes(anyParts())],
    replies: {
      ...session,
      'GET /api/tasks': fieldTaskList,
      'POST /api/tasks/:id/accept': fieldTask,
      'POST /api/tasks/:id/arrive': fieldTask,
      'POST /api/tasks/:id/meet': fieldTask,
      'POST /api/tasks/:id/report': fieldTask,
      'POST /api/tasks/:id/request-stop': fieldTask,
      'GET /api/stream': 'stream',
      'POST /api/push-subscriptions': null,
    },
  },
];
