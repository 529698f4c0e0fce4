import { SOURCES, type auditList, type QuarantinedRow, type SourceRow } from '@skyeye/contracts';
import type { z } from 'zod';

type Listed = {
  sources: SourceRow[];
  quarantine: QuarantinedRow[];
};

export function fixtureSources(nowMs: number, replayed: ReadonlyMap<string, number> = new Map()): Listed {
  const sources = Object.values(SOURCES).map((source, index): SourceRow => {
    const silent = source.stream === 'shop';
    const late = source.stream === 'im';
    const off = source.stream === 'parcel';
    return {
      stream: source.stream,
      source: source.source,
      name: source.name,
      atMs: nowMs,
      accepted: 120_000 + index * 7_310,
      normalised: 119_400 + index * 7_250,
      duplicate: 596 + index * 58,
      quarantined: index % 6 === 0 ? 4 : index === 7 ? 2 : 0,
      lastEventMs: silent ? nowMs - 41 * 60_000 : nowMs - 1_500 - index * 700,
      delayMsP50: silent ? null : late ? 65 * 60_000 : off ? source.delay.p50Ms - 60 * 60_000 : Math.round(source.delay.p50Ms * 1.1),
      perMinute: silent ? 0 : ([4200, 380, 1.4, 0.2, 96][index % 5] ?? 10),
      lag: late ? 1840 : index % 3,
      state: silent ? 'silent' : late ? 'late' : off ? 'clock' : 'ok',
      clockOffMs: off ? 60 * 60_000 : null,
      allowedLatenessMs: source.delay.allowedLatenessMs,
      expectedDelayMsP50: source.delay.p50Ms,
      blind: silent ? '购物退款类约晚 20 分钟发现,购金、点卡变现看不到' : late ? '刷单、杀猪盘的拉群动作约晚 1 小时发现' : null,
    };
  });
  const quarantine = ['INGEST_SCHEMA', 'INGEST_CLOCK', 'INGEST_NOT_JSON', 'INGEST_TOO_LARGE'].map((code, index) => ({
    id: `q${index}`,
    topic: `raw.${['call', 'bank', 'app', 'web'][index]}`,
    partition: index % 2,
    offset: String(88_120 + index * 97),
    code,
    reason:
      ['dur: expected int ≥ 0', 't: after 2099', 'unexpected end of input at 212', 'message of 10,485,760 bytes, limit 1,000,000'][index] ??
      '',
    bytes: [412, 388, 212, 10_485_760][index] ?? 0,
    atMs: nowMs - (index + 1) * 340_000,
    replayedMs: replayed.get(`q${index}`) ?? (index === 3 ? nowMs - 62 * 60_000 : null),
    ...(replayed.has(`q${index}`) || index === 3 ? { replayedBy: 'operator', replayedByName: '系统运维' } : { replayedBy: null }),
  }));
  return { sources, quarantine };
}

export function fixtureAudit(nowMs: number, before: number | null): z.infer<typeof auditList> {
  const first = (before ?? 431) - 1;
  const kinds = ['incident.signed', 'incident.unmasked', 'task.dispatched', 'session.opened', 'quarantine.replayed', 'hold.confirmed'];
  const entries = Array.from({ length: Math.max(0, Math.min(100, first)) }, (_, index) => {
    const seq = first - index;
    return {
      seq,
      atMs: nowMs - (431 - seq) * 47_000,
      by: ['analyst', 'leader', 'station-01', 'operator'][seq % 4] ?? 'analyst',
      kind: kinds[seq % kinds.length] ?? '',
      subject: `20260916-00${String(10 + (seq % 60))}`,
      facts: seq % kinds.length === 1 ? { purpose: '电话劝阻需核对本人' } : { version: seq % 9 },
      hash: `${(seq * 2654435761).toString(16).padStart(10, '0')}c4f09a1be27d`,
    };
  });
  return { entries, intact: true, brokenAt: null };
}
