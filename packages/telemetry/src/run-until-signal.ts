import { eventTable } from './events.ts';
import type { Telemetry } from './telemetry.ts';

/** A stop signal drains within this; what is not done by then is redelivered at the next start. */
export const DRAIN_DEADLINE_MS = 10_000;

const events = eventTable({
  SignalCaught: { level: 'info', says: 'A stop signal came; the service drains.' },
  ServiceStopped: { level: 'info', says: 'Everything was drained; the process ends.' },
  DrainAbandoned: {
    level: 'error',
    says: 'The drain was late or failed; the process ends, uncommitted work is redelivered at the next start.',
  },
});

export interface RunUntilSignalOptions {
  readonly telemetry: Telemetry;
  /** Finishes or hands back what is under way. `deadlineMs` is the time left, as a duration. */
  drain(deadlineMs: number): Promise<void>;
  readonly deadlineMs?: number;
  /** Ends the process: replaced in tests. */
  readonly exit?: (code: number) => void;
  /** Rejects when a part of the service stopped by itself (a consumer that crashed): the process drains and exits 1. */
  readonly failed?: Promise<unknown>;
}

/**
 * For a main: waits for SIGTERM or SIGINT, says "not ready", drains, exits 0; exits 1 when the drain failed or was late.
 * A second signal exits at once with 1.
 * @returns a function that begins the stop as a signal would, for tests and for a parent that stops by message
 */
export function runUntilSignal({
  telemetry,
  drain,
  deadlineMs = DRAIN_DEADLINE_MS,
  exit = (code) => process.exit(code),
  failed,
}: RunUntilSignalOptions): (reason: string) => Promise<void> {
  const log = telemetry.log(events);
  let stopping = false;
  const stop = async (reason: string, codeWhenDrained = 0): Promise<void> => {
    if (stopping) {
      log.DrainAbandoned({ reason: 'second signal' });
      exit(1);
      return;
    }
    stopping = true;
    log.SignalCaught({ signal: reason });
    telemetry.health.ready(false);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), deadlineMs);
    });
    try {
      const outcome = await Promise.race([drain(deadlineMs).then(() => 'drained' as const), late]);
      if (outcome === 'late') log.DrainAbandoned({ reason: 'deadline', deadlineMs });
      else log.ServiceStopped();
      exit(outcome === 'late' ? 1 : codeWhenDrained);
    } catch (error) {
      log.DrainAbandoned({ reason: 'error' }, error);
      exit(1);
    } finally {
      clearTimeout(timer);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  failed?.catch((error: unknown) => {
    telemetry.health.set('service', 'failed', error instanceof Error ? error.message : String(error));
    return stopping ? undefined : stop('a part failed', 1);
  });
  return (reason) => stop(reason);
}
