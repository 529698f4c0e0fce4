export { app, type Dispatcher, type DispatcherDeps } from './app.ts';
export { makeVapidKeys, webPushSender, type VapidKeys } from './adapters/web-push.ts';
export { explorer } from './explore.ts';
export type { PushAnswer, PushSender } from './push.ts';
