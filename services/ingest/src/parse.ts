import { SOURCES, rawReference, type RawRecord, type RawReference, type StreamName } from '@skyeye/contracts';
import type { SkyeyeError } from '@skyeye/foundation';
import { errors } from './errors.ts';

/** Nesting of a record: the object itself and, in reference data, the history record inside. */
const DEPTH_MAX = 4;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export type Parsed =
  | { readonly kind: 'record'; readonly stream: StreamName; readonly record: RawRecord }
  | { readonly kind: 'reference'; readonly record: RawReference }
  | { readonly kind: 'refused'; readonly error: SkyeyeError };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the bytes of one message of a raw topic. Never throws: what is wrong becomes a refusal that says where,
 * without the value (a value may be somebody's number).
 */
export function parse(topic: string, bytes: Uint8Array): Parsed {
  const name = topic.slice('raw.'.length);
  const source = name === 'reference' ? null : Object.hasOwn(SOURCES, name) ? SOURCES[name as StreamName] : undefined;
  if (source === undefined) return { kind: 'refused', error: errors.unknownTopic({ topic }) };
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    return { kind: 'refused', error: errors.notUtf8({ topic }, cause) };
  }
  if (isDeeperThan(text, DEPTH_MAX)) return { kind: 'refused', error: errors.tooDeep({ topic, depthMax: DEPTH_MAX }) };
  let value: unknown;
  let forbidden = '';
  try {
    // The walk over every key costs several times the parsing, so it is made only where the words occur at all.
    value = /__proto__|constructor|prototype|\\u/.test(text)
      ? JSON.parse(text, (key: string, inner: unknown) => {
          if (FORBIDDEN_KEYS.has(key)) forbidden = key;
          return inner;
        })
      : JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may hold a number: it goes no further.
    return { kind: 'refused', error: errors.notJson({ topic }) };
  }
  if (forbidden !== '') return { kind: 'refused', error: errors.forbiddenKey({ topic, key: forbidden }) };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { kind: 'refused', error: errors.notJson({ topic }) };
  if (source !== null) {
    const result = source.raw.safeParse(value);
    if (result.success) return { kind: 'record', stream: source.stream, record: result.data };
    return { kind: 'refused', error: errors.contract({ topic, ...firstIssue(result.error.issues) }) };
  }
  const result = rawReference.safeParse(value);
  if (!result.success) return { kind: 'refused', error: errors.contract({ topic, ...firstIssue(result.error.issues) }) };
  if (result.data.kind === 'history') {
    const inner = SOURCES[result.data.stream].raw.safeParse(result.data.record);
    if (!inner.success) return { kind: 'refused', error: errors.contract({ topic, ...firstIssue(inner.error.issues) }) };
  }
  return { kind: 'reference', record: result.data };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly code?: string | undefined;
  readonly message: string;
}

/**
 * Path and kind of the first problem. Unknown keys are not named, and a path ends where the provider chooses the keys
 * (inside the `record` of a history): such a key may be somebody's number.
 */
function firstIssue(issues: readonly Issue[]): { path: string; problem: string } {
  const issue = issues[0];
  if (issue === undefined) return { path: '', problem: 'unknown' };
  const free = issue.path.indexOf('record');
  const path = free < 0 ? issue.path : issue.path.slice(0, free + 1);
  return {
    path: path.map(String).join('.').slice(0, 100),
    problem: issue.code === 'unrecognized_keys' ? 'unknown fields' : issue.message.slice(0, 200),
  };
}

/** Counts brackets outside strings, so that hostile nesting is refused before it is parsed. Cost: one pass. */
function isDeeperThan(text: string, depthMax: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 92) index++;
      else if (code === 34) inString = false;
    } else if (code === 34) inString = true;
    else if (code === 123 || code === 91) {
      if (++depth > depthMax) return true;
    } else if (code === 125 || code === 93) depth--;
  }
  return false;
}
