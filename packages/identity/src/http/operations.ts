import type { Telemetry } from '@skyeye/telemetry';
import { HANDLED, route, type Route } from './route.ts';

/** The routes of the supervisor and of Prometheus. */
export function operationRoutes(telemetry: Telemetry): readonly Route[] {
  return [
    route(
      { method: 'GET', path: '/health', says: 'alive: no part has failed', access: 'public', perMinute: 600, audit: null },
      ({ reply }) => {
        const { status, body } = telemetry.health.health();
        reply.status(status);
        // Details of parts are for the operator; a stranger learns that the service is alive.
        return { service: body.service, state: body.state, ready: body.ready };
      },
    ),
    route(
      { method: 'GET', path: '/ready', says: 'alive and taking requests', access: 'public', perMinute: 600, audit: null },
      ({ reply }) => {
        const { status, body } = telemetry.health.readiness();
        reply.status(status);
        return { service: body.service, state: body.state, ready: body.ready };
      },
    ),
    route(
      { method: 'GET', path: '/metrics', says: "Prometheus' text format", access: 'local', perMinute: 600, audit: null },
      async ({ reply }) => {
        reply.type('text/plain; version=0.0.4; charset=utf-8').send(await telemetry.metricsText());
        return HANDLED;
      },
    ),
  ];
}
