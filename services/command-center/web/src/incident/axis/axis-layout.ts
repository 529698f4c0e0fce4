import type { AxisItem, Range } from './axis-model.ts';

/** Where a mark and its label stand, in px of the drawing. */
export interface Placed {
  readonly item: AxisItem;
  readonly x: number;
  readonly width: number;
  /** How many equal marks stand behind this one. */
  readonly times: number;
  readonly label: {
    readonly x: number;
    readonly row: 0 | 1;
    readonly text: string;
    readonly inside: boolean;
    readonly anchor: 'start' | 'end';
  } | null;
}

const MARK_PX = 7;
const GAP_PX = 6;
const CLUSTER_PX = 16;
const SPAN_MIN_PX = 4;

/** A CJK sign is as wide as the letter is high, others about 0.56 of it. */
export const textWidth = (text: string, size = 12): number =>
  [...text].reduce((sum, sign) => sum + (sign > '\u2E80' ? size : size * 0.58), 0);

function shortened(text: string, px: number): string | null {
  if (textWidth(text) <= px) return text;
  const signs = [...text];
  while (signs.length > 3 && textWidth(`${signs.join('')}…`) > px) signs.pop();
  return signs.length > 3 ? `${signs.join('')}…` : null;
}

/**
 * Places the marks of one lane. Equal marks that would touch become one with a number. A label goes right of its mark, else
 * left, in the mark's row or the one below, wherever nothing stands; without room it is left out (the detail line and the
 * table still say it).
 */
export function placeLane(items: readonly AxisItem[], range: Range, widthPx: number, labelOf: (item: AxisItem) => string): Placed[] {
  const xOf = (ms: number): number => ((ms - range.fromMs) / (range.toMs - range.fromMs)) * widthPx;
  const marks: { item: AxisItem; x: number; width: number; times: number; endX: number }[] = [];
  for (const item of items) {
    const x = xOf(item.fromMs);
    const width = item.span ? Math.max(SPAN_MIN_PX, xOf(item.toMs) - x) : 0;
    if (x > widthPx || x + width < 0) continue;
    const last = marks.at(-1);
    if (last !== undefined && !item.span && !last.item.span && last.item.says.zh === item.says.zh && x - last.endX < CLUSTER_PX) {
      last.times += 1;
      last.endX = x;
      continue;
    }
    marks.push({ item, x, width, times: 1, endX: x + width });
  }
  const taken: [[number, number][], [number, number][]] = [marks.map((mark) => [mark.x - MARK_PX, mark.endX + MARK_PX]), []];
  const free = (row: 0 | 1, from: number, to: number): boolean =>
    from >= 0 && to <= widthPx && taken[row].every(([a, b]) => to < a || from > b);
  return marks.map(({ item, x, width, times, endX }) => {
    const text = labelOf(item) + (times > 1 ? ` ×${times}` : '');
    const place = (): Placed['label'] => {
      const seenFrom = Math.max(x, 0);
      if (item.span) {
        const inside = shortened(text, Math.min(x + width, widthPx) - seenFrom - 12);
        if (inside !== null) return { x: seenFrom + 6, row: 0, text: inside, inside: true, anchor: 'start' };
      }
      const long = textWidth(text);
      for (const row of [0, 1] as const) {
        const right = endX + (row === 0 ? MARK_PX + GAP_PX - 3 : -MARK_PX);
        if (free(row, right, right + long)) {
          taken[row].push([right, right + long + GAP_PX]);
          return { x: right, row, text, inside: false, anchor: 'start' };
        }
        const left = x - (row === 0 ? MARK_PX + GAP_PX - 3 : -MARK_PX);
        if (free(row, left - long, left)) {
          taken[row].push([left - long - GAP_PX, left]);
          return { x: left, row, text, inside: false, anchor: 'end' };
        }
      }
      return null;
    };
    return { item, x, width, times, label: place() };
  });
}
