export type HealthState = 'ok' | 'degraded' | 'failed';

/** State of one part of a service, with a sentence for the operator and when it changed (wall time, epoch ms). */
export interface HealthEntry {
  readonly state: HealthState;
  readonly detail: string;
  readonly sinceMs: number;
}

/** A body with the HTTP status that belongs to it. */
export interface HealthBody {
  readonly status: 200 | 503;
  readonly body: {
    readonly service: string;
    readonly state: HealthState;
    readonly ready: boolean;
    readonly parts: Readonly<Record<string, HealthEntry>>;
  };
}

const RANK: Readonly<Record<HealthState, number>> = { ok: 0, degraded: 1, failed: 2 };

/**
 * What a service says about itself. Alive (`/health`) means that no part has failed; ready (`/ready`) means alive and
 * `ready(true)` was said: a service that starts or drains is alive and not ready.
 */
export class Health {
  readonly #service: string;
  readonly #wallNowMs: () => number;
  readonly #parts = new Map<string, HealthEntry>();
  #ready = false;

  constructor(service: string, wallNowMs: () => number) {
    this.#service = service;
    this.#wallNowMs = wallNowMs;
  }

  /** Parts are named by the code, a closed set: `log`, `ledger`, `consumer raw.call/3`. */
  set(part: string, state: HealthState, detail = ''): void {
    const before = this.#parts.get(part);
    if (before?.state === state && before.detail === detail) return;
    this.#parts.set(part, { state, detail, sinceMs: this.#wallNowMs() });
  }

  get parts(): Readonly<Record<string, HealthEntry>> {
    return Object.fromEntries(this.#parts);
  }

  /** Shows the parts of another thread (its {@link parts}, sent by postMessage) under a prefix; what it no longer has goes. */
  adopt(prefix: string, parts: Readonly<Record<string, HealthEntry>>): void {
    for (const part of this.#parts.keys()) if (part.startsWith(`${prefix} `)) this.#parts.delete(part);
    for (const [part, entry] of Object.entries(parts)) this.#parts.set(`${prefix} ${part}`, entry);
  }

  /** Takes a part away, e.g. a partition that another process now owns. */
  remove(part: string): void {
    this.#parts.delete(part);
  }

  ready(isReady: boolean): void {
    this.#ready = isReady;
  }

  get state(): HealthState {
    let worst: HealthState = 'ok';
    for (const { state } of this.#parts.values()) if (RANK[state] > RANK[worst]) worst = state;
    return worst;
  }

  /** Body of `/health`: 503 only when a part has failed, so that a supervisor restarts. */
  health(): HealthBody {
    return this.#body(this.state !== 'failed');
  }

  /** Body of `/ready`: 503 while starting, draining or failed. */
  readiness(): HealthBody {
    return this.#body(this.#ready && this.state !== 'failed');
  }

  #body(good: boolean): HealthBody {
    return {
      status: good ? 200 : 503,
      body: { service: this.#service, state: this.state, ready: this.#ready, parts: this.parts },
    };
  }
}
