import { pino, type DestinationStream } from 'pino';
import { AggregatorRegistry, Registry, type MetricObjectWithValues, type MetricValue } from 'prom-client';
import { SkyeyeError } from '@skyeye/foundation';
import type { Log, LogEvents, LogFields, LogLevel } from './events.ts';
import { Health } from './health.ts';
import { bindMetrics, metricTable, type MetricEntries, type Metrics } from './metrics.ts';
import { redactText, redactValue } from './redact.ts';

const own = metricTable({
  identifiersRedacted: {
    kind: 'counter',
    name: 'telemetry_identifiers_redacted_total',
    says: 'Field values of log lines that looked like a phone, identity or card number and were replaced.',
  },
  linesLogged: {
    kind: 'counter',
    name: 'telemetry_lines_logged_total',
    says: 'Log lines written.',
    labels: { level: ['error', 'warn', 'info', 'debug'] },
  },
});

export type MetricsJson = MetricObjectWithValues<MetricValue<string>>[];

export interface Telemetry {
  readonly service: string;
  readonly health: Health;
  /** A log from a package's own event table. Cost: one JSON line per call; nothing when the level is off. */
  log<const T extends LogEvents>(events: T): Log<T>;
  /** Metrics from a package's own table. The same table may be bound twice. */
  metrics<const T extends MetricEntries>(entries: T): Metrics<T>;
  /** Body of `/metrics` in Prometheus' text format. */
  metricsText(): Promise<string>;
  /** For another thread, which shows the sum by {@link mergedMetricsText}. Can be sent by postMessage. */
  metricsJson(): Promise<MetricsJson>;
}

export interface TelemetryOptions {
  readonly service: string;
  readonly level?: LogLevel | 'silent';
  /** Where lines go; standard output by default. */
  readonly destination?: DestinationStream;
  readonly wallNowMs?: () => number;
}

/** Makes the telemetry of one service (or one thread of it). */
export function createTelemetry({ service, level = 'info', destination, wallNowMs = Date.now }: TelemetryOptions): Telemetry {
  const options = {
    level,
    base: { service },
    timestamp: () => `,"timeMs":${wallNowMs()}`,
    messageKey: 'event',
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const sink = destination === undefined ? pino(options) : pino(options, destination);
  const registry = new Registry();
  const counted = bindMetrics(registry, own);

  const clean = (fields: LogFields): Record<string, unknown> => {
    const out: Record<string, unknown> = {};
    for (const [key, raw] of Object.entries(fields)) {
      const { value, replaced } = redactValue(raw);
      if (replaced > 0) counted.identifiersRedacted.add(replaced);
      out[key] = value;
    }
    return out;
  };
  const text = (raw: string): string => {
    const { text: redacted, replaced } = redactText(raw);
    if (replaced > 0) counted.identifiersRedacted.add(replaced);
    return redacted;
  };
  /** An error's code, handling, facts, message and stack; causes up to a depth of three. */
  const describe = (error: unknown, depth = 0): Record<string, unknown> => {
    if (!(error instanceof Error)) return { message: text(String(error)) };
    return {
      message: text(error.message),
      ...(error instanceof SkyeyeError
        ? { code: error.code, handling: error.handling, facts: clean(error.facts) }
        : { stack: text(error.stack ?? '') }),
      ...(error.cause === undefined || depth >= 3 ? {} : { cause: describe(error.cause, depth + 1) }),
    };
  };

  return {
    service,
    health: new Health(service, wallNowMs),
    log<const T extends LogEvents>(events: T): Log<T> {
      const log: Record<string, (fields?: LogFields, error?: unknown) => void> = {};
      for (const [name, event] of Object.entries(events)) {
        log[name] = (fields = {}, error) => {
          if (!sink.isLevelEnabled(event.level)) return;
          counted.linesLogged.add(1, { level: event.level });
          sink[event.level](error === undefined ? clean(fields) : { ...clean(fields), error: describe(error) }, name);
        };
      }
      return log as Log<T>;
    },
    metrics: (entries) => bindMetrics(registry, entries),
    metricsText: () => registry.metrics(),
    metricsJson: () => registry.getMetricsAsJSON() as Promise<MetricsJson>,
  };
}

/** Telemetry that writes no line: for tests. Metrics and health work. */
export function silentTelemetry(service = 'test'): Telemetry {
  return createTelemetry({ service, level: 'silent' });
}

/** The sum of several threads' metrics as the body of one `/metrics`. */
export function mergedMetricsText(parts: readonly MetricsJson[]): Promise<string> {
  return AggregatorRegistry.aggregate([...parts]).metrics();
}
