import { valueInWords } from '@skyeye/catalogue';
import type { Type, Value } from '@skyeye/language';
import { explainFormula } from './explain.ts';
import type { Trace } from './trace.ts';
import { KEYS } from './words.ts';

const [WIDTH, LEFT, RIGHT, TOP, PLOT] = [1120, 268, 32, 132, 220];
const LANE = 46;
const LANES_MAX = 7;
/** The console's day colours. */
const INK = {
  bg: '#f3f4f8',
  card: '#fff',
  line: '#e3e7ef',
  strong: '#cdd4e0',
  text: '#131b2e',
  soft: '#545f74',
  value: '#1655cc',
  fires: '#c62828',
};
const FONT = "font-family=\"'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei',sans-serif\"";

interface Mark {
  readonly t: number;
  readonly counts: boolean;
}

/** A picture of a trace: the value above, below it a lane for each part of the formula with the events that made it. */
export function traceSvg(trace: Trace): string {
  const { feature, key, says, points } = trace;
  const lanes = lanesOf(trace);
  const times = [...points.map(({ event }) => event.t), ...lanes.flatMap(({ marks }) => marks.map(({ t }) => t))];
  const [from, until] = padded(Math.min(...times), Math.max(...times));
  const x = (t: number): number => round(LEFT + ((t - from) / (until - from)) * (WIDTH - LEFT - RIGHT));
  const numbers = points.map(({ value }) => numberOf(value));
  const threshold = thresholdOf(feature.fires.when);
  const isTruth = feature.valueType.kind === 'boolean';
  const plot = isTruth ? PLOT / 2 : PLOT;
  const scale = isTruth ? [0, 1] : scaleOf([0, ...numbers.filter((value) => value !== null), ...(threshold === null ? [] : [threshold])]);
  const [low = 0, high = 1] = [scale[0], scale.at(-1)];
  const y = (value: number): number => round(TOP + plot - ((value - low) / (high - low || 1)) * plot);
  const height = TOP + plot + 40 + lanes.length * LANE + 44;
  const bottom = TOP + plot + 24 + lanes.length * LANE;
  const out: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ${FONT}>`,
    `<rect width="${WIDTH}" height="${height}" fill="${INK.bg}"/>`,
    `<rect x="12" y="12" width="${WIDTH - 24}" height="${height - 24}" rx="10" fill="${INK.card}" stroke="${INK.line}"/>`,
    text(32, 50, feature.name.zh, { size: 20, weight: 600 }),
    text(WIDTH - RIGHT, 50, `${KEYS.get(feature.keyedBy)?.zh ?? feature.keyedBy} ${key.replaceAll('\u0000', ' → ')}`, {
      size: 15,
      anchor: 'end',
    }),
    ...wrapped(says.zh, 148, 2).map((line, index) => text(32, 76 + index * 20, line, { size: 13, fill: INK.soft })),
    text(WIDTH - RIGHT, 116, `触发条件 ${whenText(feature.fires.when, feature.unit)}`, { size: 13, fill: INK.fires, anchor: 'end' }),
  ];
  for (const tick of scale) {
    out.push(line(LEFT, y(tick), WIDTH - RIGHT, y(tick), INK.line));
    out.push(text(LEFT - 12, y(tick) + 4, valueText(tick, feature.valueType, feature.unit), { size: 12, fill: INK.soft, anchor: 'end' }));
  }
  for (const { t, label } of timeTicks(from, until)) {
    out.push(line(x(t), TOP, x(t), bottom, INK.line));
    out.push(text(Math.min(x(t), WIDTH - RIGHT - 32), bottom + 20, label, { size: 12, fill: INK.soft, anchor: 'middle' }));
  }
  if (threshold !== null && !isTruth) out.push(line(LEFT, y(threshold), WIDTH - RIGHT, y(threshold), INK.fires, '6 5'));
  out.push(
    `<path d="${stepPath(
      points.map(({ event }) => x(event.t)),
      numbers,
      y,
    )}" fill="none" stroke="${INK.value}" stroke-width="2.5" stroke-linejoin="round"/>`,
  );
  for (const [index, { event, fires }] of points.entries()) {
    const value = numbers[index];
    if (value === null || value === undefined) out.push(cross(x(event.t), TOP + plot));
    else out.push(dot(x(event.t), y(value), fires ? 6 : 4, fires ? INK.fires : INK.value));
  }
  for (const [index, { label, marks }] of lanes.entries()) {
    const middle = TOP + plot + 24 + index * LANE + LANE / 2;
    out.push(line(32, middle - LANE / 2, WIDTH - RIGHT, middle - LANE / 2, INK.line));
    const words = wrapped(label, 34, 2);
    out.push(...words.map((part, row) => text(32, middle + 4 + (row - (words.length - 1) / 2) * 16, part, { size: 12 })));
    for (const { t, counts } of marks) out.push(dot(x(t), middle, counts ? 5 : 4, counts ? INK.value : INK.strong));
  }
  out.push(line(LEFT, bottom, WIDTH - RIGHT, bottom, INK.strong), '</svg>');
  return `${out.join('\n')}\n`;
}

/** Every part of the formula that has events, with all that ever counted; blue are those that count at the last evaluation. */
function lanesOf({ points, feature }: Trace): { label: string; marks: Mark[] }[] {
  const streams = feature.triggers.map(({ stream }) => stream);
  const lanes = new Map<string, { label: string; times: Map<string, Mark> }>();
  const last = points.at(-1);
  for (const point of points) {
    for (const { part, expression, events } of point.causes) {
      if (expression.kind === 'current' || expression.kind === 'dimension') continue;
      const lane = lanes.get(part) ?? { label: explainFormula(expression, streams).zh, times: new Map<string, Mark>() };
      lanes.set(part, lane);
      for (const { id, t } of events) lane.times.set(id, { t, counts: point === last });
    }
  }
  return [...lanes.values()].slice(0, LANES_MAX).map(({ label, times }) => ({ label, marks: [...times.values()] }));
}

function numberOf(value: Value): number | null {
  return typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : null;
}

function thresholdOf(when: string): number | null {
  const [, digits, yuan] = /^(?:>=|<=|>|<|==)\s*(-?[\d.]+)(y?)$/.exec(when.trim()) ?? [];
  return digits === undefined ? null : Number(digits) * (yuan === 'y' ? 100 : 1);
}

function whenText(when: string, unit: string): string {
  const threshold = thresholdOf(when);
  if (threshold === null) return when.includes('true') ? '成立' : when;
  return `${/^[><=]+/.exec(when)?.[0].replace('>=', '≥').replace('<=', '≤') ?? ''} ${valueInWords(threshold, unit).zh}`;
}

function valueText(value: number, type: Type, unit: string): string {
  if (type.kind === 'boolean') return value === 1 ? '是' : '否';
  if (type.kind === 'number' && type.unit === 'ms') return valueInWords(value / 1000, 's').zh;
  return valueInWords(value, unit).zh;
}

/** Round values that reach over all the numbers. */
function scaleOf(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const raw = (most - least || 1) / 4;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((times) => times * size >= raw) ?? 10) * size;
  const [first, last] = [Math.floor(least / step), Math.ceil(most / step)];
  return Array.from({ length: Math.max(2, last - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

const STEPS_MS = [
  1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000, 2_592_000, 31_536_000,
].map((seconds) => seconds * 1000);
const SHANGHAI_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** About six round local times. */
function timeTicks(from: number, until: number): { t: number; label: string }[] {
  const step = STEPS_MS.find((ms) => (until - from) / ms <= 7) ?? 31_536_000_000;
  const ticks: { t: number; label: string }[] = [];
  for (let t = Math.ceil((from + SHANGHAI_MS) / step) * step - SHANGHAI_MS; t <= until; t += step) {
    const text = new Date(t + SHANGHAI_MS).toISOString();
    const [day, clock] = [
      `${Number(text.slice(5, 7))}月${Number(text.slice(8, 10))}日`,
      step < 60_000 ? text.slice(11, 19) : text.slice(11, 16),
    ];
    const label = step >= DAY_MS ? day : until - from > DAY_MS || ticks.length === 0 ? `${day} ${clock}` : clock;
    ticks.push({ t, label });
  }
  return ticks;
}

function padded(from: number, until: number): readonly [number, number] {
  const room = Math.max(1000, (until - from) * 0.04);
  return [from - room, until + room];
}

/** A value holds until the next evaluation; where it is not known the line breaks. */
function stepPath(xs: readonly number[], values: readonly (number | null)[], y: (value: number) => number): string {
  let path = '';
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const before = values[index - 1];
    path += before === null || before === undefined ? `M${xs[index]} ${y(value)}` : `H${xs[index]}V${y(value)}`;
  }
  return path;
}

interface TextStyle {
  readonly size: number;
  readonly fill?: string;
  readonly anchor?: 'middle' | 'end';
  readonly weight?: number;
}

function text(x: number, y: number, words: string, { size, fill = INK.text, anchor, weight }: TextStyle): string {
  const more = `${anchor === undefined ? '' : ` text-anchor="${anchor}"`}${weight === undefined ? '' : ` font-weight="${weight}"`}`;
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${more}>${escaped(words)}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string, dashes?: string): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${stroke}"${dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`}/>`;
}

function dot(x: number, y: number, r: number, fill: string): string {
  return `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}" stroke="${INK.card}" stroke-width="1.5"/>`;
}

/** An evaluation whose value is not known. */
function cross(x: number, y: number): string {
  return `<path d="M${x - 4} ${y - 4}l8 8m0 -8l-8 8" stroke="${INK.soft}" stroke-width="1.5"/>`;
}

/** Lines of at most so many half-width columns; what does not fit ends in an ellipsis. */
function wrapped(words: string, columns: number, linesMax: number): string[] {
  const lines = [''];
  let used = 0;
  for (const character of words) {
    const width = (character.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1;
    if (used + width > columns) {
      if (lines.length === linesMax) return [...lines.slice(0, -1), `${(lines.at(-1) ?? '').slice(0, -1)}…`];
      // A number or a word is not cut in two.
      const begun = /[\w.,%]+$/.exec(lines.at(-1) ?? '')?.[0] ?? '';
      const moved = /[\w.,%]/.test(character) && begun.length < columns / 2 ? begun : '';
      lines[lines.length - 1] = (lines.at(-1) ?? '').slice(0, (lines.at(-1)?.length ?? 0) - moved.length);
      lines.push(moved);
      used = moved.length;
    }
    lines[lines.length - 1] += character;
    used += width;
  }
  return lines;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
