import { STREAM_ALIASES } from '@skyeye/contracts';
import { errors } from './errors.ts';
import { languageSchema } from './language-schema.ts';

/** A stream, perhaps of one direction, whose ego event for the key causes an evaluation. Aliases are resolved. */
export interface Trigger {
  readonly stream: string;
  readonly dir: string | null;
}

/** Reads `call;fund[dir=out];timer:30s`. @throws CATALOGUE_FORMULA_INVALID */
export function readTrigger(text: string): { triggers: Trigger[]; timerMs: number | null } {
  const triggers: Trigger[] = [];
  let timerMs: number | null = null;
  for (const part of text.split(';')) {
    const timer = /^timer:(\d+)s$/.exec(part);
    if (timer !== null) {
      timerMs = Number(timer[1]) * 1000;
      continue;
    }
    const match = /^(\w+)(?:\[dir=(in|out)\])?$/.exec(part);
    const name = match?.[1] ?? '';
    const streams = (STREAM_ALIASES as Readonly<Record<string, readonly string[]>>)[name] ?? [name];
    for (const stream of streams) {
      if (languageSchema.streams[stream] === undefined) throw errors.formulaInvalid({ trigger: part, reason: 'no such stream' });
      triggers.push({ stream, dir: match?.[2] ?? null });
    }
  }
  return { triggers, timerMs };
}
