import type { AxisItem, Range } from './axis-model.ts';

/** Where a mark and its label stand, in px of the drawing. */
export interface Placed {
  readonly item: AxisItem;
  /** All that stand at one mark, `item` the gravest of them. */
  readonly members: readonly AxisItem[];
  /** Left end of a span; the moments of a dot and of equal ones that would touch it. */
  readonly xs: readonly number[];
  readonly width: number;
  /** 1: below the bar of a span that goes on at the same time. */
  readonly row: 0 | 1;
  readonly label: {
    readonly x: number;
    readonly row: 0 | 1;
    readonly text: string;
    readonly inside: boolean;
    readonly anchor: 'start' | 'end';
  } | null;
}

interface Mark {
  item: AxisItem;
  readonly members: AxisItem[];
  readonly xs: number[];
  readonly width: number;
  readonly row: 0 | 1;
}

const MARK_PX = 8;
const LABEL_GAP_PX = 12;
const CLUSTER_PX = 22;
const SPAN_MIN_PX = 4;
/** A longer sentence is cut: it would take the room of five others. */
const LABEL_MAX_PX = 192;
/** Our own acts come in bursts: those within a minute, or that would touch, are one mark with a number. */
const BURST_MS = 60_000;
const BURST_PX = 18;

/** A CJK sign is as wide as the letter is high, others about 0.58 of it. */
export const textWidth = (text: string, size = 12): number =>
  Array.from(text).reduce((sum, sign) => sum + (sign > '\u2E80' ? size : size * 0.58), 0);

function shortened(text: string, px: number): string | null {
  if (textWidth(text) <= px) return text;
  const signs = Array.from(text);
  while (signs.length > 3 && textWidth(`${signs.join('')}…`) > px) signs.pop();
  return signs.length > 3 ? `${signs.join('')}…` : null;
}

function marksOf(items: readonly AxisItem[], xOf: (ms: number) => number, widthPx: number): Mark[] {
  const spans = items.filter((item) => item.span);
  const marks: Mark[] = [];
  for (const item of items) {
    const x = xOf(item.fromMs);
    const width = item.span ? Math.max(SPAN_MIN_PX, xOf(item.toMs) - x) : 0;
    if (x > widthPx || x + width < 0) continue;
    const last = marks.at(-1);
    if (last !== undefined && item.lane === 'action' && inBurst(last, item, x)) {
      last.members.push(item);
      if (TONES.indexOf(item.tone) < TONES.indexOf(last.item.tone)) last.item = item;
      continue;
    }
    if (
      last !== undefined &&
      item.lane !== 'action' &&
      !item.span &&
      !last.item.span &&
      last.item.says.zh === item.says.zh &&
      x - (last.xs.at(-1) ?? x) < CLUSTER_PX
    ) {
      last.xs.push(x);
      last.members.push(item);
      continue;
    }
    const covered = !item.span && spans.some((span) => item.fromMs >= span.fromMs && item.fromMs <= span.toMs);
    marks.push({ item, members: [item], xs: [x], width, row: covered ? 1 : 0 });
  }
  return marks;
}

const inBurst = ({ members, xs }: Mark, item: AxisItem, x: number): boolean =>
  item.fromMs - (members[0]?.fromMs ?? 0) < BURST_MS || x - (xs[0] ?? 0) < BURST_PX;

const TONES = ['P1', 'P2', 'P3', 'P4', 'ok', 'soft'] as const;

/** Who gets a label when there is no room for all: spans, then the graver tone, then money by its size, then the newest. */
function byWeight(a: Mark, b: Mark): number {
  const tone = TONES.indexOf(a.item.tone) - TONES.indexOf(b.item.tone);
  return (
    Number(b.item.span) - Number(a.item.span) || tone || (b.item.amountFen ?? 0) - (a.item.amountFen ?? 0) || b.item.fromMs - a.item.fromMs
  );
}

/**
 * Places the marks of one lane. Equal marks that would touch share a label with a number. A label goes right of its mark, else
 * left, in the mark's row or the other, wherever nothing stands; without room it is left out (the detail line and the table
 * still say it).
 */
export function placeLane(
  items: readonly AxisItem[],
  range: Range,
  widthPx: number,
  labelOf: (members: readonly AxisItem[]) => string,
): Placed[] {
  const xOf = (ms: number): number => ((ms - range.fromMs) / (range.toMs - range.fromMs)) * widthPx;
  const marks = marksOf(items, xOf, widthPx);
  const taken: [[number, number][], [number, number][]] = [[], []];
  for (const { xs, width, row } of marks) taken[row].push([(xs[0] ?? 0) - MARK_PX, (xs.at(-1) ?? 0) + width + MARK_PX]);
  const free = (row: 0 | 1, from: number, to: number): boolean =>
    from >= 0 && to <= widthPx && taken[row].every(([a, b]) => to < a || from > b);
  const labels = new Map<Mark, Placed['label']>();
  for (const mark of [...marks].sort(byWeight)) {
    const said = labelOf(mark.members);
    const text =
      (mark.item.span ? said : (shortened(said, LABEL_MAX_PX) ?? said)) +
      (mark.xs.length > 1 && mark.item.lane !== 'action' ? ` ×${mark.xs.length}` : '');
    labels.set(mark, labelFor(mark, text, widthPx, taken, free));
  }
  return marks.map((mark) => ({ ...mark, label: labels.get(mark) ?? null }));
}

function labelFor(
  mark: Mark,
  text: string,
  widthPx: number,
  taken: [[number, number][], [number, number][]],
  free: (row: 0 | 1, from: number, to: number) => boolean,
): Placed['label'] {
  const first = mark.xs[0] ?? 0;
  const end = (mark.xs.at(-1) ?? 0) + mark.width;
  if (mark.item.span) {
    const from = Math.max(first, 0);
    const inside = shortened(text, Math.min(end, widthPx) - from - 12);
    if (inside !== null) return { x: from + 6, row: 0, text: inside, inside: true, anchor: 'start' };
  }
  const long = textWidth(text);
  for (const row of mark.row === 0 ? ([0, 1] as const) : ([1] as const)) {
    const beside = row === mark.row;
    const right = beside ? end + LABEL_GAP_PX : first - MARK_PX;
    if (free(row, right, right + long)) {
      taken[row].push([right, right + long + MARK_PX]);
      return { x: right, row, text, inside: false, anchor: 'start' };
    }
    const left = beside ? first - LABEL_GAP_PX : end + MARK_PX;
    if (free(row, left - long, left)) {
      taken[row].push([left - long - MARK_PX, left]);
      return { x: left, row, text, inside: false, anchor: 'end' };
    }
  }
  return null;
}
