import type { StreamEvent, Value } from '@skyeye/contracts';
import type { Cause } from '../detector.ts';

type Row = readonly [feature: string, keyType: string, key: string, value: Value, fires: 0 | 1, person?: string];

export interface ScriptRun {
  readonly script: string;
  readonly label: 'fraud' | 'benign';
  readonly seed: number;
  readonly causes: readonly Cause[];
}

/** The text of `fixtures/scripts.jsonl.gz`, unpacked → its runs, as the engine would hand them over. */
export function scriptRuns(text: string): ScriptRun[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { script, label, seed, causes } = JSON.parse(line) as {
        script: string;
        label: string;
        seed: number;
        causes: { e?: StreamEvent; t?: number; v: Row[] }[];
      };
      return { script, label: label === 'benign' ? 'benign' : 'fraud', seed, causes: causes.map(causeOf) };
    });
}

function causeOf({ e: event, t = event?.t ?? 0, v: rows }: { e?: StreamEvent; t?: number; v: Row[] }): Cause {
  const own = event?.['person'];
  return {
    event: event ?? null,
    evaluations: rows.map(([feature, keyType, key, value, fires, person]) => ({
      feature,
      keyType,
      key,
      value,
      t,
      person: person ?? (typeof own === 'string' ? own : null),
      fires: fires === 1,
      eventId: event?.id ?? null,
    })),
  };
}
