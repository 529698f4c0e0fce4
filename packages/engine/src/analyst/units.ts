import { languageSchema } from '@skyeye/catalogue';
import type { Bilingual } from '@skyeye/contracts';
import { checkFormula, LanguageError, streamsOf, type Expression } from '@skyeye/language';

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });

/** Fen as people say it: 2万元 and ¥20,000. */
export function moneyWords(fen: number): Bilingual {
  const yuan = fen / 100;
  const zh = Math.abs(yuan) >= 10_000 && (yuan * 10) % 10_000 === 0 ? `${yuan / 10_000}万元` : `${yuan}元`;
  return { zh, en: `¥${WHOLE.format(yuan)}` };
}

const SPANS = [
  [86_400_000, '天', 'day'],
  [3_600_000, '小时', 'hour'],
  [60_000, '分钟', 'minute'],
  [1000, '秒', 'second'],
] as const;

/** A duration in its largest whole unit; up to three days in hours, as the catalogue's people speak. */
export function spanWords(ms: number): Bilingual {
  for (const [size, zh, en] of SPANS) {
    if (ms < size || ms % size !== 0 || (en === 'day' && ms <= 3 * size)) continue;
    return { zh: `${ms / size}${zh}`, en: `${ms / size} ${en}${ms === size ? '' : 's'}` };
  }
  return { zh: `${ms}毫秒`, en: `${ms} ms` };
}

const SUFFIXES: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  s: ['秒', ' s'],
  min: ['分钟', ' min'],
  h: ['小时', ' h'],
  day: ['天', ' days'],
  year: ['岁', ''],
  count: ['', ''],
  level: ['级', ''],
  hop: ['跳', ' hops'],
  hour: ['点', ':00'],
  B: ['字节', ' bytes'],
};

/** A number in a unit of the language. */
export function quantityWords(value: number, unit: string): Bilingual {
  if (unit === 'fen') return moneyWords(value);
  if (unit === 'ms') return spanWords(value);
  if (unit === 's' && value >= 120 && value % 60 === 0) return spanWords(value * 1000);
  if (unit === 'ratio' && Math.abs(value) < 1 && value !== 0) {
    const percent = `${WHOLE.format(value * 100)}%`;
    return { zh: percent, en: percent };
  }
  const [zh, en] = SUFFIXES[unit] ?? ['', ''];
  return { zh: `${String(value)}${zh}`, en: `${WHOLE.format(value)}${en}` };
}

/** Unit of a checked formula's value; `plain` where it is no number. */
export function unitOf(node: Expression): string {
  try {
    const type = checkFormula(node, { schema: languageSchema, source: '' });
    return type.kind === 'number' ? type.unit : 'plain';
  } catch (error) {
    // A word by itself has no type, and none is needed here.
    if (error instanceof LanguageError) return 'plain';
    throw error;
  }
}

/** Unit of a field of a stream. */
export function unitOfField(stream: string, field: string): string {
  const type = languageSchema.streams[streamsOf(languageSchema, stream)?.[0] ?? stream]?.[field];
  if (type === undefined) return 'plain';
  return type.type === 'fen' ? 'fen' : type.type === 'ms' ? 'instant' : (type.unit ?? 'plain');
}
