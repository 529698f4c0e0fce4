import { COMMON_FIELDS, SOURCES, type Field, type StreamEvent, type StreamName, type Value } from '@skyeye/contracts';
import { errors } from '../errors.ts';

/** 0s of every example: Wednesday 2026-09-16, 09:00 in Shanghai. */
export const EXAMPLE_ZERO_MS = Date.UTC(2026, 8, 16, 1);

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `1d2h30m` in ms. @throws CATALOGUE_EXAMPLE_INVALID */
export function offsetMs(text: string): number {
  if (!/^(?:\d+(?:ms|[smhd]))+$/.test(text)) throw errors.exampleInvalid({ at: text, reason: 'a time is written like 1d2h30m or 0s' });
  return [...text.matchAll(/(\d+)(ms|[smhd])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? 0), 0);
}

/**
 * Reads the lines of an example into events, in order.
 *
 * A line is `<stream> <words> @ <time> [+<step> x<times>]`. `fund` stands for `bank`. Words: `in` `out` (dir), a word of
 * `ev`, `500y` (amt in yuan), `name` and `!name` (true and false), `name=value`. In a repeated line `##` is the number
 * of the repetition with as many digits. `ego` holds what an event has when its line does not say otherwise; money is
 * `live` unless `st=fail`; nothing else is filled in.
 * @throws CATALOGUE_EXAMPLE_INVALID
 */
export function readEvents(lines: readonly string[], ego: Readonly<Record<string, string>>): StreamEvent[] {
  const events: StreamEvent[] = [];
  for (const line of lines) {
    const match = /^(\w+)((?: [^@]+?)?) @ (\S+)(?: \+(\S+) x(\d+))?$/.exec(line);
    if (match === null) throw errors.exampleInvalid({ line, reason: 'a line is written like "fund out 500y stranger @ 0s"' });
    const [, name = '', words = '', at = '', step, times] = match;
    const stream = name === 'fund' ? 'bank' : name;
    if (!isStream(stream)) throw errors.exampleInvalid({ line, reason: 'no such stream' });
    for (let index = 0; index < Number(times ?? 1); index++) {
      const t = EXAMPLE_ZERO_MS + offsetMs(at) + (step === undefined ? 0 : index * offsetMs(step));
      const numbered = words.replaceAll(/#+/g, (marks) => String(index + 1).padStart(marks.length, '0'));
      const fields = readWords(numbered.trim().split(/ +/).filter(Boolean), { stream, line });
      const money = stream === 'bank' || stream === 'pay' ? { live: fields['st'] !== 'fail' } : {};
      events.push({ ...ego, ...money, ...fields, stream, id: `e${String(events.length + 1).padStart(4, '0')}`, t });
    }
  }
  return events;
}

function isStream(name: string): name is StreamName {
  return Object.hasOwn(SOURCES, name);
}

function readWords(words: readonly string[], { stream, line }: { stream: StreamName; line: string }): Record<string, Value> {
  const fields: Readonly<Record<string, Field>> = { ...COMMON_FIELDS, ...SOURCES[stream].fields };
  const found: Record<string, Value> = {};
  const enumHas = (name: string, word: string): boolean => {
    const field = fields[name];
    return field?.type === 'enum' && field.values.includes(word);
  };
  for (const word of words) {
    const [, no = '', name = '', value] = /^(!?)(\w+)(?:=(.+))?$/.exec(word) ?? [];
    if (/^\d+y$/.test(word)) found['amt'] = Number(word.slice(0, -1)) * 100;
    else if (value !== undefined) found[name] = readValue(fields[name], value, line);
    else if (no === '' && enumHas('dir', name)) found['dir'] = name;
    else if (no === '' && enumHas('ev', name)) found['ev'] = name;
    else if (fields[name]?.type === 'bool') found[name] = no === '';
    else throw errors.exampleInvalid({ line, word, reason: `${stream} has no such field` });
  }
  return found;
}

function readValue(field: Field | undefined, text: string, line: string): Value {
  if (field === undefined) throw errors.exampleInvalid({ line, value: text, reason: 'no such field' });
  switch (field.type) {
    case 'bool':
      return text === 'true';
    case 'ms':
      return EXAMPLE_ZERO_MS + offsetMs(text);
    case 'int':
    case 'num':
    case 'fen': {
      const value = Number(text);
      if (!Number.isFinite(value)) throw errors.exampleInvalid({ line, value: text, reason: 'not a number' });
      return value;
    }
    case 'enum':
      if (!field.values.includes(text)) throw errors.exampleInvalid({ line, value: text, reason: `one of ${field.values.join(', ')}` });
      return text;
    case 'id':
    case 'str':
      return text;
  }
}
