import type { Bilingual, Value } from '@skyeye/contracts';

const YUAN = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** Fen as ¥49,800. */
export function yuanText(fen: number): string {
  return `¥${YUAN.format(fen / 100)}`;
}

/** A value in words: money, durations, days, shares and multiples carry their unit, everything else is a number. */
export function valueInWords(value: Value, unit: string): Bilingual {
  if (typeof value !== 'number') return { zh: String(value ?? '不详'), en: String(value ?? 'unknown') };
  switch (unit) {
    case 'fen':
      return { zh: yuanText(value), en: yuanText(value) };
    case 's':
      return spanText(value);
    case 'min':
      return spanText(value * 60);
    case 'h':
      return spanText(value * 3600);
    case 'day':
      return daysText(value);
    case 'ratio':
      return { zh: `${percent(value)}%`, en: `${percent(value)}%` };
    case 'x':
      return { zh: `${short(value)}倍`, en: `${short(value)} times` };
    default:
      return { zh: short(value), en: short(value) };
  }
}

function spanText(seconds: number): Bilingual {
  if (seconds < 60) return { zh: `${Math.round(seconds)}秒`, en: `${Math.round(seconds)} s` };
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return { zh: `${minutes}分钟`, en: `${minutes} min` };
  return { zh: `${short(seconds / 3600)}小时`, en: `${short(seconds / 3600)} h` };
}

function daysText(days: number): Bilingual {
  const whole = Math.floor(days);
  if (whole >= 730) return { zh: `${Math.floor(days / 365)}年`, en: `${Math.floor(days / 365)} years` };
  return { zh: `${whole}天`, en: whole === 1 ? '1 day' : `${whole} days` };
}

const percent = (value: number): string => String(Math.round(value * 100));
const short = (value: number): string =>
  Number.isInteger(value) || Math.abs(value) >= 100 ? YUAN.format(Math.round(value)) : String(Math.round(value * 10) / 10);

/** Fills `{value}` and takes the bracketed plural away at one: `{value} call[s]`. */
export function fillReason(template: Bilingual, value: Value, unit: string): Bilingual {
  const words = valueInWords(value, unit);
  return {
    zh: template.zh.replace('{value}', words.zh),
    en: template.en.replace('{value}', words.en).replaceAll(/\[(\w+)\]/g, value === 1 ? '' : '$1'),
  };
}
