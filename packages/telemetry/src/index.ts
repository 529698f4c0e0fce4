export { eventTable, type Log, type LogEvent, type LogEvents, type LogFields, type LogLevel } from './events.ts';
export { Health, type HealthBody, type HealthEntry, type HealthState } from './health.ts';
export { metricTable, UNITS, type LabelSets, type MetricEntries, type MetricEntry, type Metrics } from './metrics.ts';
export { REDACTED, redactText, redactTyped, redactValue } from './redact.ts';
export { DRAIN_DEADLINE_MS, runUntilSignal, type RunUntilSignalOptions } from './run-until-signal.ts';
export {
  createTelemetry,
  mergedMetricsText,
  silentTelemetry,
  type MetricsJson,
  type Telemetry,
  type TelemetryOptions,
} from './telemetry.ts';
