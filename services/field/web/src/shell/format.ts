import type { Texts } from '../texts/zh.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** mm:ss below an hour, h:mm:ss from there on. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
}

/** What is left of a time limit; seconds only within the hour. */
export function timeLeft(ms: number, texts: Texts): string {
  const size = Math.abs(ms);
  const said = size < HOUR_MS ? stopwatch(size) : texts.units.hour((size / HOUR_MS).toFixed(1));
  return ms < 0 ? texts.task.over(said) : said;
}

export function duration(ms: number, texts: Texts): string {
  const positive = Math.max(0, ms);
  if (positive < MINUTE_MS) return texts.units.sec(Math.floor(positive / 1000));
  if (positive < HOUR_MS) return texts.units.min(Math.floor(positive / MINUTE_MS));
  return texts.units.hour((positive / HOUR_MS).toFixed(1));
}

export function distance(metres: number, texts: Texts): string {
  return metres < 1000 ? texts.units.m(Math.round(metres / 10) * 10) : texts.units.km((metres / 1000).toFixed(1));
}

/** Metres between two places in degrees on a round earth; good to half a percent within a county. */
export function metresBetween(
  a: { readonly lon: number; readonly lat: number },
  b: { readonly lon: number; readonly lat: number },
): number {
  const radians = Math.PI / 180;
  const x = (b.lon - a.lon) * radians * Math.cos(((a.lat + b.lat) / 2) * radians);
  const y = (b.lat - a.lat) * radians;
  return Math.hypot(x, y) * 6_371_000;
}
