export { errors as identityErrors } from './errors.ts';
export { memoryAccounts, type Account, type AccountStore } from './account.ts';
export { bankKeys, type BankKeys } from './bank-keys.ts';
export { demoAccounts, demoPassword, installDemo, type DemoAccount, type DemoAccounts } from './demo.ts';
export { ARGON2, passwords, type Passwords } from './password.ts';
export {
  ACCOUNT_CHECK_MS,
  memoryKeys,
  SESSION_ABSOLUTE_MS,
  SESSION_IDLE_MS,
  sessions,
  type ExpiringKeys,
  type Session,
  type Sessions,
} from './session.ts';
export { sqlAccounts } from './sql-accounts.ts';
export { signInThrottle, type SignInThrottle } from './throttle.ts';
export { HttpProblem, problems, type HttpProblemOptions } from './http/problem.ts';
export { HANDLED, route, routeTable, who, type Access, type Handled, type Route, type RouteRow } from './http/route.ts';
export { createHttp, LOOPBACK_HOSTS, type HttpOptions } from './http/server.ts';
export { HTTP_LIMITS } from './http/tables.ts';
export { peopleHttp, type CountyClock, type PeopleDeps, type PeopleHttp, type PeopleOptions } from './http/people.ts';
export { sessionRoutes, type SessionRoutesOptions } from './http/session-routes.ts';
export { FeedHead } from './http/feed-head.ts';
export { feedPlaces, type FeedPlaces } from './http/place.ts';
export { HEARTBEAT_MS, LiveStreams, type LiveBatch, type LiveMessage, type LiveOptions, type LiveReader } from './http/live.ts';
