import type { Route } from '@skyeye/identity';
import type { Context } from '../deps.ts';
import { addPushSubscription } from './push-subscriptions/add.ts';
import { getStream } from './stream/get.ts';
import { acceptTaskRoute } from './tasks/accept.ts';
import { arriveRoute } from './tasks/arrive.ts';
import { listTasks } from './tasks/list.ts';
import { meetRoute } from './tasks/meet.ts';
import { reportRoute } from './tasks/report.ts';
import { requestStopRoute } from './tasks/request-stop.ts';

/** Every route of the service, beside those of sign-in, operation and the app's files. A file not listed here is found by a test. */
export const routes = (context: Context): readonly Route[] => [
  listTasks(context),
  acceptTaskRoute(context),
  arriveRoute(context),
  meetRoute(context),
  reportRoute(context),
  requestStopRoute(context),
  getStream(context),
  addPushSubscription(context),
];
