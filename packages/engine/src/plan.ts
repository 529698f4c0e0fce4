import { STREAM_ALIASES, type StreamEvent } from '@skyeye/contracts';
import type { EntityType, Evaluate, FireCondition } from '@skyeye/language';

/** A feature ready to run. */
export interface PlanFeature {
  readonly id: string;
  /** Kind of key as the catalogue names it. */
  readonly keyType: string;
  readonly entityType: EntityType;
  readonly triggers: readonly Trigger[];
  /** Also evaluated by the minute clock while a session of its key is open. */
  readonly timer: boolean;
  /** Streams that the formula reads. */
  readonly reads: ReadonlySet<string>;
  readonly evaluate: Evaluate;
  readonly fires: FireCondition;
}

/** A stream, perhaps of one direction, whose ego event for the key causes an evaluation. */
export interface Trigger {
  readonly stream: string;
  readonly dir: string | null;
}

export function matches(trigger: Trigger, event: StreamEvent): boolean {
  return trigger.stream === event.stream && (trigger.dir === null || trigger.dir === event['dir']);
}

/** Reads `call;fund[dir=out];timer:30s`. Aliases become their streams. */
export function readTriggers(text: string): { triggers: Trigger[]; timer: boolean } {
  const triggers: Trigger[] = [];
  let timer = false;
  for (const part of text.split(';')) {
    if (part.startsWith('timer')) {
      timer = true;
      continue;
    }
    const match = /^(\w+)(?:\[dir=(\w+)\])?$/.exec(part.trim());
    const name = match?.[1] ?? '';
    for (const stream of (STREAM_ALIASES as Record<string, readonly string[]>)[name] ?? [name]) triggers.push({ stream, dir: match?.[2] ?? null });
  }
  return { triggers, timer };
}

/** Features by what makes them run, so that an event touches only its own. */
export class Plan {
  readonly features: readonly PlanFeature[];
  readonly timers: readonly PlanFeature[];
  readonly version: string;
  readonly #byStream = new Map<string, { readonly keyType: string; readonly triggered: readonly PlanFeature[]; readonly readers: readonly PlanFeature[] }[]>();

  constructor(features: readonly PlanFeature[], version: string) {
    this.features = features;
    this.version = version;
    this.timers = features.filter((feature) => feature.timer);
  }

  /** For an event, per kind of key: the features it triggers, and those that only read its stream. */
  of(event: StreamEvent): readonly { readonly keyType: string; readonly triggered: readonly PlanFeature[]; readonly readers: readonly PlanFeature[] }[] {
    const dir = event['dir'];
    const name = `${event.stream}/${typeof dir === 'string' ? dir : ''}`;
    let groups = this.#byStream.get(name);
    if (groups === undefined) {
      groups = [...new Set(this.features.map((feature) => feature.keyType))]
        .map((keyType) => {
          const own = this.features.filter((feature) => feature.keyType === keyType);
          const triggered = own.filter((feature) => feature.triggers.some((trigger) => matches(trigger, event)));
          const readers = own.filter((feature) => feature.reads.has(event.stream) && !triggered.includes(feature));
          return { keyType, triggered, readers };
        })
        .filter((group) => group.triggered.length + group.readers.length > 0);
      this.#byStream.set(name, groups);
    }
    return groups;
  }
}
