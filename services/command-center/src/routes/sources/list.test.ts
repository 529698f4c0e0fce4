import { SOURCES, sourceRow as rowSchema, STREAM_NAMES, type SourceStatus } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { sourceRow } from './list.ts';

const NOW = Date.UTC(2026, 8, 16, 4);
const HOUR = 3_600_000;

/** A thousand records whose delays lie as the source's usually do, moved by what its clock is off, and late by a backlog. */
function rowOf(stream: (typeof STREAM_NAMES)[number], { behindMs = 0, backlogMs = 0 }: { behindMs?: number; backlogMs?: number }) {
  const { p50Ms } = SOURCES[stream].delay;
  const delays = Array.from({ length: 1_000 }, (_, at) => p50Ms * (0.5 + at / 1_000) + behindMs + backlogMs * (at / 1_000));
  const status: SourceStatus = {
    stream,
    atMs: NOW,
    accepted: 1_000,
    normalised: 1_000,
    duplicate: 0,
    quarantined: 0,
    lastEventMs: NOW - behindMs - p50Ms,
    delayMsP50: Math.round(delays[499] ?? 0),
    delayMsP5: Math.round(delays[49] ?? 0),
    perMinute: 10,
    lag: 0,
  };
  return rowSchema.parse(sourceRow(stream, status, NOW));
}

test('a clock that runs an hour ahead or behind is noticed at every source that is quicker than that, and said in words', () => {
  for (const stream of STREAM_NAMES) {
    const { p50Ms, p99Ms } = SOURCES[stream].delay;
    if (p50Ms < 45 * 60_000) {
      const ahead = rowOf(stream, { behindMs: -HOUR });
      expect([stream, ahead.state]).toEqual([stream, 'clock']);
      expect(Math.abs((ahead.clockOffMs ?? 0) - HOUR)).toBeLessThan(p50Ms + 60_000);
      expect(ahead.blind).toMatch(/时钟快约\d+分钟/u);
    }
    if (p50Ms < 20 * 60_000 && p99Ms < HOUR) {
      const behind = rowOf(stream, { behindMs: HOUR });
      expect([stream, behind.state]).toEqual([stream, 'clock']);
      expect(behind.blind).toMatch(/时钟慢约\d+分钟/u);
    }
  }
});

test('a source as it should be, and one with a backlog, is not taken for a clock', () => {
  for (const stream of STREAM_NAMES) {
    expect([stream, rowOf(stream, {}).state]).toEqual([stream, 'ok']);
    expect(['ok', 'late']).toContain(rowOf(stream, { backlogMs: 3 * HOUR }).state);
  }
});
