import {
  eventSchema,
  forgetRequest,
  peekRequest,
  SERVICE_KEY_HEADER,
  STREAM_NAMES,
  whyRequest,
  type ErasureState,
  type ForgetRequest,
  type PeekReply,
  type StreamEvent,
  type StreamName,
  type WhyRequest,
} from '@skyeye/contracts';
import { createHttp, problems, route, type Route } from '@skyeye/identity';
import type { Explanation, LiveStats } from '@skyeye/engine';
import { SkyeyeError } from '@skyeye/foundation';
import type { Telemetry } from '@skyeye/telemetry';
import { timingSafeEqual } from 'node:crypto';
import { metricEntries } from './tables.ts';

export interface PrivatePortOptions {
  readonly telemetry: Telemetry;
  readonly serviceKey: string;
  readonly host: string;
  readonly port: number;
  readonly peek: (event: StreamEvent) => Promise<PeekReply>;
  /** Begins an erasure, or says how far the one of this id is. */
  readonly forget: (request: ForgetRequest) => ErasureState['state'];
  /** False while the log's backlog is being read: an answer from half a state would be a silent miss. */
  readonly primed: () => boolean;
  /** @throws ENGINE_NOT_HELD */
  readonly why: (request: WhyRequest) => Explanation;
  readonly usage: () => LiveStats;
}

/** The port between services: "what if this payment happened". Refuses callers without the installation's key. */
export async function openPrivatePort(options: PrivatePortOptions): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const { telemetry, host, port } = options;
  const http = await createHttp({ telemetry, sessions: null, cookieName: 'none', routes: scorerRoutes(options) });
  await http.listen({ host, port });
  const address = http.server.address();
  return { origin: `http://${host}:${typeof address === 'object' && address !== null ? address.port : port}`, close: () => http.close() };
}

export function scorerRoutes({
  telemetry,
  serviceKey,
  peek,
  forget,
  primed,
  why,
  usage,
}: Omit<PrivatePortOptions, 'host' | 'port'>): readonly Route[] {
  const metrics = telemetry.metrics(metricEntries);
  const wanted = Buffer.from(serviceKey);
  const isService = (request: { readonly headers: Readonly<Record<string, unknown>> }): boolean => {
    const header = request.headers[SERVICE_KEY_HEADER];
    const given = Buffer.from(typeof header === 'string' ? header : '');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };
  return [
    route(
      {
        method: 'POST',
        path: '/peek',
        says: 'what if this payment happened',
        access: 'key',
        perMinute: 1_000_000,
        audit: null,
        body: peekRequest,
      },
      async ({ body, request }) => {
        if (!isService(request)) {
          metrics.peeks.add(1, { outcome: 'refused' });
          throw problems.notSignedIn();
        }
        if (!primed()) {
          metrics.peeks.add(1, { outcome: 'starting' });
          throw problems.unavailable();
        }
        const startedMs = performance.now();
        const reply = await peek(readEvent(body.event));
        metrics.peeks.add(1, { outcome: 'answered' });
        metrics.peekMs.observe(performance.now() - startedMs);
        return reply;
      },
    ),
    route(
      {
        method: 'POST',
        path: '/forget',
        says: 'erase keys from the state and every checkpoint; the same id again tells how far it is',
        access: 'key',
        perMinute: 600,
        // The service that asks has audited who asked and who approved.
        audit: null,
        body: forgetRequest,
      },
      ({ body, request }): ErasureState => {
        if (!isService(request)) throw problems.notSignedIn();
        if (!primed()) throw problems.unavailable();
        return { state: forget(body) };
      },
    ),
    route(
      {
        method: 'POST',
        path: '/why',
        says: 'the events that made a value of a feature, with how each counted',
        access: 'key',
        // Each reads the history of its key again, up to 200 times.
        perMinute: 60,
        audit: null,
        body: whyRequest,
      },
      ({ body, request }): Explanation => {
        if (!isService(request)) throw problems.notSignedIn();
        if (!primed()) throw problems.unavailable();
        try {
          return why(body);
        } catch (error) {
          if (error instanceof SkyeyeError && error.code === 'ENGINE_NOT_HELD') throw problems.notFound();
          throw error;
        }
      },
    ),
    route(
      { method: 'GET', path: '/usage', says: 'what the engine holds: keys, events, bytes', access: 'key', perMinute: 600, audit: null },
      ({ request }): LiveStats => {
        if (!isService(request)) throw problems.notSignedIn();
        return usage();
      },
    ),
  ];
}

function readEvent(value: Readonly<Record<string, unknown>>): StreamEvent {
  const { stream } = value;
  if (!STREAM_NAMES.includes(stream as StreamName)) throw problems.invalid([{ path: 'body.event.stream', message: 'no such stream' }]);
  const parsed = eventSchema(stream as StreamName).safeParse(value);
  if (parsed.success) return parsed.data;
  throw problems.invalid(
    parsed.error.issues.slice(0, 10).map(({ path, message }) => ({
      path: ['body', 'event', ...path].map(String).join('.').slice(0, 200),
      message: message.slice(0, 200),
    })),
  );
}
