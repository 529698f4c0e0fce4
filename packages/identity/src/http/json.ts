import { problems } from './problem.ts';
import { HTTP_LIMITS } from './tables.ts';

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body: valid UTF-8, valid JSON, at most twelve levels, no `__proto__`. Depth is counted before parsing, so a
 * body of brackets costs one pass.
 * @throws BAD_JSON, TOO_DEEP
 */
export function readJson(bytes: Buffer): unknown {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (error) {
    throw problems.badJson(error);
  }
  if (depthOf(text) > HTTP_LIMITS.depth) throw problems.tooDeep();
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (FORBIDDEN.has(key)) throw new SyntaxError('a forbidden key');
      return value;
    });
  } catch (error) {
    throw problems.badJson(error);
  }
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text.charCodeAt(index);
    if (quoted) {
      if (letter === 92) index++;
      else if (letter === 34) quoted = false;
    } else if (letter === 34) quoted = true;
    else if (letter === 123 || letter === 91) deepest = Math.max(deepest, ++depth);
    else if (letter === 125 || letter === 93) depth--;
  }
  return deepest;
}
