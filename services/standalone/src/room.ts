import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { ClockAnchor } from '@skyeye/foundation';
import type { HealthEntry, MetricsJson, Telemetry } from '@skyeye/telemetry';

export type HealthParts = Readonly<Record<string, HealthEntry>>;
/** What a room tells when it is ready: ports and the like. */
export type Facts = Readonly<Record<string, string | number>>;

/** What a room says to the main thread. */
export type RoomMessage =
  | { readonly type: 'ready'; readonly facts: Facts }
  | { readonly type: 'progress'; readonly text: string }
  /** The simulator: county time stands here and runs so fast. */
  | { readonly type: 'anchor'; readonly anchor: ClockAnchor }
  /** The simulator: the first day's import has been sent. */
  | { readonly type: 'imported' }
  /** The engine room: everything sent has been folded. */
  | { readonly type: 'idle' }
  | { readonly type: 'metrics'; readonly parts: readonly MetricsJson[] }
  /** Parts of its services' health, named service and part; said when they have changed. */
  | { readonly type: 'health'; readonly parts: HealthParts }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'stopped' };

export interface Room {
  readonly name: string;
  /** Resolves when its work is under way; rejects when it could not begin. Never settles after a stop. */
  readonly ready: Promise<Facts>;
  /** Resolves with what went wrong when the room ends by itself after it was ready. */
  readonly failed: Promise<string>;
  post(message: unknown): void;
  /** What its services have counted; nothing from a room that does not answer in time. */
  metrics(): Promise<readonly MetricsJson[]>;
  /** What its services last said about their health. */
  health(): HealthParts;
  stop(): Promise<void>;
}

export interface RoomOptions {
  readonly name: string;
  readonly file: URL;
  readonly data: unknown;
  readonly heapMaxMb: number;
  /** How long it may take to drain before it is ended, wall ms. */
  readonly stopMs: number;
  readonly onProgress: (text: string) => void;
  /** Everything else that the room says. */
  readonly onMessage?: (message: RoomMessage, room: { post(message: unknown): void }) => void;
}

/** How long its metrics are waited for, wall ms. */
const METRICS_MS = 1_000;

/** How often a room looks whether its health has changed, wall ms. */
const HEALTH_MS = 500;

/** Starts a room: a worker thread with a part of the product in it. What is posted before it listens waits for it. */
export function startRoom({ name, file, data, heapMaxMb, stopMs, onProgress, onMessage }: RoomOptions): Room {
  const worker = new Worker(file, { workerData: data, name, resourceLimits: { maxOldGenerationSizeMb: heapMaxMb } });
  const begin = Promise.withResolvers<Facts>();
  // Whoever started the room looks at it when the rest of the start is done.
  begin.promise.catch(() => undefined);
  const end = Promise.withResolvers<string>();
  const stopped = Promise.withResolvers<undefined>();
  let isReady = false;
  let isStopping = false;
  let health: HealthParts = {};
  /** Who waits for metrics: all get the next answer. */
  let asking: PromiseWithResolvers<readonly MetricsJson[]> | undefined;
  const post = (message: unknown): void => worker.postMessage(message);
  const fail = (message: string): void => {
    if (isStopping) return;
    if (isReady) end.resolve(message);
    else begin.reject(new Error(`${name}: ${message}`));
  };
  worker.on('message', (message: RoomMessage) => {
    if (message.type === 'progress') onProgress(message.text);
    else if (message.type === 'failed') fail(`${message.code}: ${message.message}`);
    else if (message.type === 'stopped') stopped.resolve(undefined);
    else if (message.type === 'metrics') {
      asking?.resolve(message.parts);
      asking = undefined;
    } else if (message.type === 'health') health = message.parts;
    else if (message.type !== 'ready') onMessage?.(message, { post });
    else {
      isReady = true;
      begin.resolve(message.facts);
    }
  });
  worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => {
    stopped.resolve(undefined);
    fail(`ended with code ${code}`);
  });
  return {
    name,
    ready: begin.promise,
    failed: end.promise,
    post,
    metrics() {
      if (asking === undefined) {
        const asked = (asking = Promise.withResolvers<readonly MetricsJson[]>());
        post({ type: 'metrics' });
        setTimeout(() => asked.resolve([]), METRICS_MS).unref();
      }
      return asking.promise;
    },
    health: () => health,
    async stop() {
      isStopping = true;
      post({ type: 'stop' });
      const timer = setTimeout(() => stopped.resolve(undefined), stopMs);
      await stopped.promise;
      clearTimeout(timer);
      await worker.terminate();
    },
  };
}

export interface RunningRoom {
  /** Everything in the room that counts. */
  readonly telemetry: readonly Telemetry[];
  /** Resolves when the room's work is under way. Health and metrics are answered meanwhile, and a stop is heard. */
  readonly ready: Promise<Facts>;
  stop(): Promise<void>;
}

/** The other side: runs a room's work inside the worker until it is told to stop. */
export async function runRoom<Data>(
  work: (data: Data, say: (message: RoomMessage) => void, hear: (listener: (message: unknown) => void) => void) => Promise<RunningRoom>,
): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('a room runs in a worker thread');
  const say = (message: RoomMessage): void => port.postMessage(message);
  const listeners: ((message: unknown) => void)[] = [];
  try {
    const running = await work(workerData as Data, say, (listener) => listeners.push(listener));
    port.on('message', (message: { type?: string }) => {
      if (message.type === 'metrics') {
        Promise.all(running.telemetry.map((each) => each.metricsJson())).then(
          (parts) => say({ type: 'metrics', parts }),
          () => say({ type: 'metrics', parts: [] }),
        );
        return;
      }
      if (message.type !== 'stop') {
        for (const listener of listeners) listener(message);
        return;
      }
      running.stop().then(
        () => say({ type: 'stopped' }),
        (error: unknown) => say({ type: 'failed', code: 'STOP', message: error instanceof Error ? error.message : String(error) }),
      );
    });
    let saidHealth = '{}';
    const sayHealth = (): void => {
      const parts = partsOf(running.telemetry);
      const text = JSON.stringify(parts);
      if (text === saidHealth) return;
      saidHealth = text;
      say({ type: 'health', parts });
    };
    setInterval(sayHealth, HEALTH_MS).unref();
    sayHealth();
    const facts = await running.ready;
    sayHealth();
    say({ type: 'ready', facts });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'START';
    say({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  }
}

/** The parts of several services, each under its service's name. */
export function partsOf(telemetry: readonly Telemetry[]): HealthParts {
  return Object.fromEntries(
    telemetry.flatMap(({ service, health }) => Object.entries(health.parts).map(([part, entry]) => [`${service} ${part}`, entry] as const)),
  );
}
