import { SOURCES, STREAM_NAMES, type SourceRow, type SourceStatus } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { readQuarantined, readSourceStatus } from '@skyeye/ledger';
import { READERS } from '../../acts.ts';
import type { Context } from '../../deps.ts';

/** A source is silent when nothing came for three times its slowest delay, half an hour at least. County time. */
const SILENT_MIN_MS = 30 * 60_000;
const QUARANTINE_SHOWN = 200;

export const listSources = ({ ledger, clock }: Context): Route =>
  route(
    {
      method: 'GET',
      path: '/api/sources',
      says: 'every source with rate, lag and quarantine',
      access: READERS,
      perMinute: 120,
      audit: null,
    },
    async () => {
      const [statuses, quarantine] = await Promise.all([readSourceStatus(ledger), readQuarantined(ledger, QUARANTINE_SHOWN)]);
      const byStream = new Map(statuses.map((status) => [status.stream, status]));
      return { sources: STREAM_NAMES.map((stream) => sourceRow(stream, byStream.get(stream), clock.nowMs())), quarantine };
    },
  );

/** Nothing is reported before it happens; more than this is no jitter of a provider's clock. */
const AHEAD_MIN_MS = 5 * 60_000;
const BEHIND_MIN_MS = 30 * 60_000;
/** A clock moves all delays alike; a backlog spreads them: their width is less than this share of what they moved by. */
const WIDTH_MAX = 0.5;

/** How far a provider's clock is ahead of ours (behind: negative), or null when its delays are those of deliveries. */
function clockOff({ delayMsP50, delayMsP5 }: SourceStatus, usualMs: number): number | null {
  if (delayMsP50 === null) return null;
  if (delayMsP50 < -AHEAD_MIN_MS) return usualMs - delayMsP50;
  if (delayMsP5 === undefined || delayMsP5 === null) return null;
  const moved = delayMsP5 - usualMs;
  return moved >= BEHIND_MIN_MS && delayMsP50 - delayMsP5 <= moved * WIDTH_MAX ? -moved : null;
}

export function sourceRow(stream: (typeof STREAM_NAMES)[number], status: SourceStatus | undefined, nowMs: number): SourceRow {
  const { source, name, delay } = SOURCES[stream];
  const known = status ?? {
    stream,
    atMs: 0,
    accepted: 0,
    normalised: 0,
    duplicate: 0,
    quarantined: 0,
    lastEventMs: null,
    delayMsP50: null,
    perMinute: 0,
    lag: 0,
  };
  const clockOffMs = clockOff(known, delay.p50Ms);
  const silentMs = Math.max(SILENT_MIN_MS, 3 * delay.p99Ms);
  // While something comes, a clock that is an hour behind only looks silent.
  const state =
    known.lastEventMs === null
      ? 'never'
      : clockOffMs !== null && known.perMinute > 0
        ? 'clock'
        : nowMs - known.lastEventMs > silentMs
          ? 'silent'
          : known.delayMsP50 !== null && known.delayMsP50 > delay.p99Ms
            ? 'late'
            : 'ok';
  const blind = {
    never: `从未收到${name.zh},依赖它的特征为空`,
    silent: `${name.zh}已超过${Math.round(silentMs / 60_000)}分钟无数据,依赖它的特征看不到最新情况`,
    late: `${name.zh}到达过慢,告警会晚于实际发生`,
    clock: `${name.zh}的时钟${(clockOffMs ?? 0) > 0 ? '快' : '慢'}约${Math.round(Math.abs(clockOffMs ?? 0) / 60_000)}分钟,先后次序和时间窗不可靠,请提供方校时`,
    ok: null,
  }[state];
  return {
    ...known,
    clockOffMs,
    source,
    name: { ...name },
    state,
    allowedLatenessMs: delay.allowedLatenessMs,
    expectedDelayMsP50: delay.p50Ms,
    blind,
  };
}
