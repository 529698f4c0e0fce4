import { valueInWords } from '@skyeye/catalogue';
import { LIMITS, valueText, type StreamEvent, type Type, type Value } from '@skyeye/language';
import { HAPPENINGS } from '../../src/analyst/happenings.ts';

const SHANGHAI = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' });

/** `2026-09-16 09:00:00`, in Shanghai. */
export function timeText(ms: number): string {
  return SHANGHAI.format(ms);
}

/** A key as it is printed: the parts of a pair with a bar between them. */
export function keyText(key: string): string {
  return key.replaceAll('\u0000', '|');
}

/** A value with its unit: ¥49,800 for fen. */
export function shownValue(value: Value, type: Type): string {
  if (typeof value !== 'number' || type.kind !== 'number') return valueText(value, type);
  if (type.unit === 'ms') return valueInWords(value / 1000, 's').en;
  if (type.unit === 'ratio') return valueText(Math.round(value * 10_000) / 10_000, type);
  return ['fen', 's', 'min', 'h', 'day'].includes(type.unit) ? valueInWords(value, type.unit).en : valueText(value, type);
}

/** An event in a few words: when, what, how much, with whom. */
export function eventText(event: StreamEvent): string {
  const kind = event['ev'] === 'transfer' ? undefined : event['ev'];
  const name = [kind, event['dir']]
    .flatMap((word) => (typeof word === 'string' ? [`${event.stream}.${word}`] : []))
    .find((word) => HAPPENINGS.has(word));
  const what = HAPPENINGS.get(name ?? event.stream)?.en ?? event.stream;
  const amount = typeof event['amt'] === 'number' ? ` ${valueInWords(event['amt'], 'fen').en}` : '';
  const seconds = typeof event['dur_s'] === 'number' ? ` ${valueInWords(event['dur_s'], 's').en}` : '';
  const peer = typeof event['peer'] === 'string' ? ` ${event['dir'] === 'in' ? 'from' : 'to'} ${event['peer']}` : '';
  return `${timeText(event.t)}  ${what}${amount}${seconds}${peer}  (${event.id})`;
}

const DAY_MS = 86_400_000;

/** A look-back in days, hours, minutes. */
export function spanText(ms: number): string {
  if (ms === 0) return 'none';
  if (ms > LIMITS.windowMs) return 'years';
  return ms >= 3 * DAY_MS
    ? `${Math.round(ms / DAY_MS)} days`
    : ms >= 7_200_000
      ? `${Math.round(ms / 3_600_000)} h`
      : `${Math.round(ms / 60_000)} min`;
}
