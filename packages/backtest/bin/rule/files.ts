import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formatMistake, loadRules, readRuleFile, type Rule } from '@skyeye/catalogue';
import { eventSchema, STREAM_NAMES, type StreamEvent, type StreamName } from '@skyeye/contracts';

/** The caller's mistake, already worded: printed alone, exit code 2. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** @throws Refusal */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new Refusal(`${path} cannot be read: ${error.message}`);
    throw error;
  }
}

/** Rules of a file, or the one of the release with this id. @throws Refusal with every mistake and its place */
export function rulesOf(name: string): readonly Rule[] {
  if (!/\.ya?ml$/.test(name)) {
    const known = loadRules().find(({ id }) => id === name);
    if (known === undefined) throw new Refusal(`there is no rule "${name}"; a file of rules ends in .yaml`);
    return [known];
  }
  const text = readText(name);
  const { rules, mistakes } = readRuleFile(text);
  if (mistakes.length > 0) throw new Refusal(mistakes.map((mistake) => formatMistake(name, text, mistake)).join('\n\n'));
  return rules;
}

/** Normalised events, one JSON object a line, in total order, with what names them. @throws Refusal with file and line */
export function readEvents(path: string): { readonly events: readonly StreamEvent[]; readonly hash: string } {
  const text = readText(path);
  const seen = new Set<string>();
  const events = text.split('\n').flatMap((line, index): StreamEvent[] => {
    if (line.trim() === '') return [];
    const where = `${path}, line ${index + 1}`;
    const value = parsed(line, where) as { readonly stream?: unknown } | null;
    const stream = STREAM_NAMES.find((name) => name === value?.stream);
    if (stream === undefined) throw new Refusal(`${where}: there is no such stream`);
    const event = eventOf(stream, value, where);
    if (seen.has(event.id)) return [];
    seen.add(event.id);
    return [event];
  });
  if (events.length === 0) throw new Refusal(`${path}: no events`);
  const ordered = events.toSorted((a, b) => a.t - b.t || (a.id < b.id ? -1 : 1));
  return { events: ordered, hash: createHash('sha256').update(text).digest('hex') };
}

function eventOf(stream: StreamName, value: unknown, where: string): StreamEvent {
  const read = eventSchema(stream).safeParse(value);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  throw new Refusal(`${where}: ${first?.path.join('.') ?? ''}: ${first?.message ?? 'not an event'}`);
}

function parsed(line: string, where: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal(`${where}: not JSON: ${error.message}`);
    throw error;
  }
}
