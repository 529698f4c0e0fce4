import { readFileSync } from 'node:fs';
import {
  COMMON_FIELDS,
  SOURCES,
  STREAM_NAMES,
  TIME_MAX_MS,
  TIME_MIN_MS,
  valueType,
  type Field,
  type StreamEvent,
  type StreamName,
  type Value,
} from '@skyeye/contracts';
import { nearestWord } from '@skyeye/foundation';
import { entityTypeOf, NO_HOLIDAYS, staticDimensions, type Dimensions, type EntityType, type HolidayTable } from '@skyeye/language';

/** The caller's mistake, already worded: printed alone, exit code 2. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

const LINE_BYTES_MAX = 1_000_000;
const NEWLINE = 0x0a;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * Events of a file, one JSON object a line. A repeated line changes nothing; blank lines are skipped; fields that no
 * contract knows are left out; fields may be missing, which is "not known".
 * @throws Refusal with file, line and reason at the first broken line
 */
export function readEvents(path: string): StreamEvent[] {
  const bytes = readBytes(path);
  const seen = new Map<string, { line: number; text: string }>();
  const events: StreamEvent[] = [];
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, start);
    const stop = end === -1 ? bytes.length : end;
    line += 1;
    const event = readLine(bytes.subarray(start, stop), `${path}, line ${line}`);
    start = stop + 1;
    if (event === null) continue;
    const text = JSON.stringify(
      Object.entries(event)
        .filter(([name, value]) => name !== 'it' && value !== null)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    const earlier = seen.get(event.id);
    if (earlier === undefined) {
      seen.set(event.id, { line, text });
      events.push(event);
    } else if (earlier.text !== text) {
      throw new Refusal(`${path}, line ${line}: the id ${JSON.stringify(event.id)} stands in line ${earlier.line} with another content`);
    }
  }
  return events;
}

function readLine(bytes: Uint8Array, where: string): StreamEvent | null {
  if (bytes.length > LINE_BYTES_MAX) throw new Refusal(`${where}: longer than ${LINE_BYTES_MAX} bytes`);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new Refusal(`${where}: not valid UTF-8`);
    throw error;
  }
  return text.trim() === '' ? null : eventOf(parseJson(text, where), where);
}

function eventOf(value: unknown, where: string): StreamEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal(`${where}: not a JSON object`);
  const { stream, id, t } = value as Record<string, unknown>;
  if (typeof stream !== 'string') throw new Refusal(`${where}: stream is missing or not a text`);
  if (!isStream(stream)) {
    const near = nearestWord(stream, STREAM_NAMES);
    throw new Refusal(`${where}: there is no stream ${JSON.stringify(stream)}${near === undefined ? '' : `; did you mean "${near}"?`}`);
  }
  if (typeof id !== 'string' || !valueType(ID).safeParse(id).success)
    throw new Refusal(`${where}: id is missing, or not a text of 1 to 128 characters without control characters`);
  if (typeof t !== 'number' || !Number.isInteger(t) || t < TIME_MIN_MS || t > TIME_MAX_MS) {
    throw new Refusal(`${where}: t is missing, or not epoch milliseconds from ${TIME_MIN_MS} to ${TIME_MAX_MS}`);
  }
  const event: { stream: StreamName; id: string; t: number; [field: string]: Value } = { stream, id, t };
  for (const [name, field] of FIELDS[stream]) {
    if (!Object.hasOwn(value, name)) continue;
    const given = (value as Record<string, unknown>)[name];
    if (given === null) {
      event[name] = null;
      continue;
    }
    const checked = valueType(field).safeParse(given);
    if (!checked.success)
      throw new Refusal(`${where}: ${stream}.${name} is ${shown(given)}: ${checked.error.issues[0]?.message ?? 'not valid'}`);
    event[name] = checked.data;
  }
  return event;
}

const ID: Field = { type: 'id', of: 'event', origin: 'R', nullable: false, says: 'event id' };
const FIELDS = Object.fromEntries(
  STREAM_NAMES.map((stream) => [stream, Object.entries({ ...COMMON_FIELDS, ...SOURCES[stream].fields })]),
) as Record<StreamName, [string, Field][]>;

function isStream(name: string): name is StreamName {
  return (STREAM_NAMES as readonly string[]).includes(name);
}

/** At most 60 characters of a refused value. */
function shown(value: unknown): string {
  const text = typeof value === 'object' ? (Array.isArray(value) ? 'a list' : 'an object') : (JSON.stringify(value) ?? 'undefined');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** `[["person", "V", { "age": 45 }], …]`: attributes that hold at all times. @throws Refusal */
export function readDimensions(path: string): Dimensions {
  const list = parseJson(readText(path), path);
  if (!Array.isArray(list)) throw new Refusal(`${path}: not a JSON list of [kind of key, key, attributes]`);
  return staticDimensions(list.map((entry: unknown, index) => dimensionOf(entry, `${path}, entry ${index + 1}`)));
}

function dimensionOf(entry: unknown, where: string): [EntityType, string, Record<string, Value>] {
  const [kind, key, attributes] = Array.isArray(entry) ? (entry as unknown[]) : [];
  const type = typeof kind === 'string' ? entityTypeOf(kind) : undefined;
  if (type === undefined) throw new Refusal(`${where}: ${shown(kind)} is no kind of key`);
  if (typeof key !== 'string') throw new Refusal(`${where}: the key is not a text`);
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes))
    throw new Refusal(`${where}: the attributes are not a JSON object`);
  const known: [string, Value][] = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && typeof value === 'object') throw new Refusal(`${where}: ${name} is ${shown(value)}`);
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Refusal(`${where}: ${name} is not a finite number`);
    known.push([name, value as Value]);
  }
  return [type, key, Object.fromEntries(known)];
}

/** `{ "holidays": ["2026-10-01", …], "workdays": ["2026-10-10", …] }`, or the empty table without a file. @throws Refusal */
export function readHolidays(path: string | undefined): HolidayTable {
  if (path === undefined) return NO_HOLIDAYS;
  const table = parseJson(readText(path), path);
  if (typeof table !== 'object' || table === null || Array.isArray(table))
    throw new Refusal(`${path}: not a JSON object with holidays and workdays`);
  const days = (name: 'holidays' | 'workdays'): ReadonlySet<string> => {
    const list: unknown = Object.hasOwn(table, name) ? (table as Record<string, unknown>)[name] : [];
    if (!Array.isArray(list)) throw new Refusal(`${path}: ${name} is not a list`);
    for (const day of list as unknown[]) {
      if (typeof day !== 'string' || !isDate(day)) throw new Refusal(`${path}: ${name} has ${shown(day)}, which is no day as YYYY-MM-DD`);
    }
    return new Set(list as string[]);
  };
  return { holidays: days('holidays'), workdays: days('workdays') };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) throw new Refusal(`${where}: not JSON: ${error.message}`);
    throw error;
  }
}

/** @throws Refusal */
export function readText(path: string): string {
  try {
    return decoder.decode(readBytes(path));
  } catch (error) {
    if (error instanceof TypeError) throw new Refusal(`${path}: not valid UTF-8`);
    throw error;
  }
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new Refusal(`${path} cannot be read: ${error.message}`);
    throw error;
  }
}
