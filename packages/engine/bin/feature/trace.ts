import { writeFileSync } from 'node:fs';
import { nearestWord } from '@skyeye/foundation';
import { keyOf } from '../../src/scope.ts';
import { trace as traced, type Trace } from '../../src/analyst/index.ts';
import { traceSvg } from '../../src/analyst/trace-svg.ts';
import { FACT_OPTIONS, factsOf, featureNamed, print, readArguments, wordsNamed } from './arguments.ts';
import { Refusal } from './files.ts';
import { eventText, keyText, shownValue, timeText } from './look.ts';

/** Events of one cause that are written out; the rest is counted. */
const EVENTS_SHOWN = 5;

/** `feature trace <id> <entity> --events f`: 0 done, 1 the entity has no evaluation. */
export function trace(argv: readonly string[]): number {
  const given = readArguments(argv, [...FACT_OPTIONS, 'svg', 'last']);
  const [id = '', entity = ''] = wordsNamed(given.words, 'id', 'entity');
  const feature = featureNamed(id);
  const facts = factsOf(given);
  const found = latest(traced(feature, entity.replace('|', '\u0000'), facts), given.options['last']);
  if (found.points.length === 0) {
    const keys = new Set(facts.events.flatMap((event) => keyOf(event, feature.keyedBy) ?? []));
    const near = nearestWord(entity, [...keys].map(keyText));
    const says = keys.has(found.key) ? `${id} is not triggered by its events` : `no event has the ${feature.keyedBy} "${entity}"`;
    process.stderr.write(`${says}${near === undefined || keys.has(found.key) ? '' : `; did you mean "${near}"?`}\n`);
    return 1;
  }
  const { svg } = given.options;
  if (svg !== undefined) writePicture(svg, traceSvg(found));
  print(traceLines(found));
  return 0;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The evaluations at most so long before the last one. */
function latest(found: Trace, last: string | undefined): Trace {
  if (last === undefined) return found;
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(last) ?? [];
  if (digits === undefined || unit === undefined) throw new Refusal(`--last ${last}: a duration such as 30m, 24h or 7d`);
  const from = (found.points.at(-1)?.event.t ?? 0) - Number(digits) * (UNIT_MS[unit] ?? 0);
  return { ...found, points: found.points.filter(({ event }) => event.t > from) };
}

function writePicture(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new Refusal(`${path} cannot be written: ${error.message}`);
    throw error;
  }
}

function traceLines({ feature, key, says, points }: Trace): string[] {
  const lines = [`${feature.id} of ${feature.keyedBy} ${keyText(key)}: ${says.en}`, `fires when ${feature.fires.when}`];
  let before: string | undefined;
  let unchanged = 0;
  for (const { event, value, fires, causes } of points) {
    const shown = `${shownValue(value, feature.valueType)}${fires ? '  FIRES' : ''}`;
    if (shown === before) {
      unchanged += 1;
      continue;
    }
    if (unchanged > 0) lines.push(`    unchanged at the next ${unchanged}`);
    unchanged = 0;
    lines.push('', `${timeText(event.t)}  ${shown}  at ${event.id}`);
    before = shown;
    for (const cause of causes) {
      lines.push(`    ${cause.part} = ${String(cause.value)}`);
      lines.push(...cause.events.slice(-EVENTS_SHOWN).map((one) => `        ${eventText(one)}`));
      if (cause.events.length > EVENTS_SHOWN) lines.push(`        and ${cause.events.length - EVENTS_SHOWN} earlier`);
    }
  }
  if (unchanged > 0) lines.push(`    unchanged at the next ${unchanged}`);
  return lines;
}
