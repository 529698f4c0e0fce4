import type { Texts } from '../texts/zh.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** ¥186,000 ; fen only where there are some. */
export function yuan(fen: number): string {
  const whole = fen % 100 === 0;
  return `¥${(fen / 100).toLocaleString('en-US', { minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: whole ? 0 : 2 })}`;
}

/** mm:ss, or h:mm:ss from an hour on. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
}

/** Time left as the first column says it: seconds only where seconds matter. */
export function timeLeft(ms: number, texts: Texts): string {
  if (ms < 0) return texts.queue.overdue(-ms < HOUR_MS ? stopwatch(-ms) : texts.units.hour((-ms / HOUR_MS).toFixed(1)));
  if (ms < 10 * MINUTE_MS) return stopwatch(ms);
  if (ms < HOUR_MS) return texts.units.min(Math.floor(ms / MINUTE_MS));
  return texts.units.hour((ms / HOUR_MS).toFixed(1));
}

/** 42 秒 · 3 分钟 · 1.6 小时 · 2 天 */
export function duration(ms: number, texts: Texts): string {
  const positive = Math.max(0, ms);
  if (positive < MINUTE_MS) return texts.units.sec(Math.floor(positive / 1000));
  if (positive < HOUR_MS) return texts.units.minutes(Math.floor(positive / MINUTE_MS));
  if (positive < 48 * HOUR_MS) return texts.units.hours((positive / HOUR_MS).toFixed(1));
  return texts.units.days(Math.floor(positive / (24 * HOUR_MS)));
}

export function distance(metres: number, texts: Texts): string {
  return metres < 1000 ? texts.units.m(Math.round(metres / 10) * 10) : texts.units.km((metres / 1000).toFixed(1));
}

/** The short name of a source: a stream's own, or what the server calls it. */
export const sourceName = (stream: string, texts: Texts): string =>
  stream in texts.streams ? texts.streams[stream as keyof Texts['streams']] : stream;

/** An expectation, not an amount: whole yuan, from ten thousand on to the hundred, and marked as approximate. */
export function roughYuan(fen: number): string {
  const step = fen >= 1_000_000 ? 10_000 : 100;
  const rounded = Math.round(fen / step) * step;
  return rounded === fen ? yuan(fen) : `≈${yuan(rounded)}`;
}

/** Two digits, and never more certain than the model can be: ≥0.99 instead of 1.00. */
export const probability = (score: number): string => (score >= 0.99 ? '≥0.99' : score.toFixed(2));
