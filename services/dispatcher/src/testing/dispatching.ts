import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assessment } from '@skyeye/contracts';
import { createGeo, demoCounty, type Geo } from '@skyeye/geo';
import {
  migrate,
  openLedger,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type FieldContext,
  type Ledger,
  type MaskTokens,
} from '@skyeye/ledger';

export interface TestLedger {
  readonly server: EmbeddedPostgres;
  readonly ledger: Ledger;
  readonly folder: string;
  end(): Promise<void>;
}

/** A real server in a folder of its own, gone afterwards. */
export async function testLedger(): Promise<TestLedger> {
  const folder = await mkdtemp(join(tmpdir(), 'skyeye-dispatcher-'));
  const server = await startEmbeddedPostgres({ folder: join(folder, 'sql') });
  await migrate({ url: server.ledgerUrl });
  const ledger = openLedger({ url: server.ledgerUrl });
  return {
    server,
    ledger,
    folder,
    async end() {
      await ledger.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const geo: Geo = createGeo(demoCounty);
/** 2026-09-16 10:00 in Shanghai: teams are on shift. */
export const T0 = Date.UTC(2026, 8, 16, 2, 0, 0);
export const MINUTE = 60_000;

const [community] = geo.county.communities;
const grid = geo.county.grids.find((entry) => entry.community === community?.code);
if (community === undefined || grid === undefined) throw new Error('the demonstration county has no community with a grid');
export const HOME = { community: community.code, grid: grid.code, lon: community.lon, lat: community.lat };

/** A resident of the first community, with a phone. */
export function resident(person: string) {
  return [
    {
      id: `r-${person}`,
      kind: 'person' as const,
      person,
      sex: 'f' as const,
      bornYear: 1956,
      occ: null,
      liveAlone: true,
      antifraudApp: false,
      ...HOME,
      fromMs: 0,
      toMs: 4_000_000_000_000,
    },
    {
      id: `p-${person}`,
      kind: 'phone' as const,
      phone: `ph-${person}`,
      person,
      lineKind: 'mobile',
      region: null,
      openedMs: null,
      ownerNumCnt: 1,
      iot: false,
      fullView: false,
      covered: [],
      fromMs: 0,
      toMs: 4_000_000_000_000,
    },
  ];
}

let made = 0;
export function assessment(person: string, changes: Partial<Assessment> = {}): Assessment {
  made++;
  return {
    id: `a-${person}-${made}`,
    person,
    phone: `ph-${person}`,
    acct: null,
    t: T0,
    causeEventId: `e${made}`,
    score: 0.9,
    level: 'P1',
    expectedLossFen: 4_980_000,
    lostFen: 0,
    lossAtMs: T0 + 240_000,
    scam: 'svc',
    reasons: [
      {
        feature: 'call_open_len',
        says: { zh: '陌生固话通话31分钟未断', en: 'a call from a stranger goes on for 31 minutes' },
        contribution: 0.4,
        value: 31,
        evidence: [`e${made}`],
      },
    ],
    evidence: [
      {
        eventId: `e${made}`,
        stream: 'call',
        t: T0,
        delayMs: 900,
        startMs: null,
        says: { zh: '来电', en: 'call' },
        peer: 'ph-x',
        amountFen: null,
        facts: {},
      },
    ],
    live: { call: true, share: false, payment: false },
    scoredBy: 'rules',
    versions: { catalogue: '1', rules: '1', model: '1', engine: '1' },
    ingestedAtMs: null,
    ...changes,
  };
}

export const masked: MaskTokens = (tokens) =>
  Promise.resolve(
    new Map(tokens.map((token) => [token, { masked: `${token.slice(0, 4)}***`, maskedName: token.startsWith('ph-') ? null : '张*' }])),
  );
export const talkTrack = () => ({ openers: ['您现在是不是在和客服通话?'], scammerSays: ['不要告诉任何人'], lookFor: ['戴耳机'] });
export const context = (nowMs: number) => ({
  masked,
  nowMs,
  talkTrack,
  community: (code: string) => {
    const found = geo.county.communities.find((entry) => entry.code === code);
    return found === undefined ? null : { name: found.name, town: found.town };
  },
});
export const fieldContext = (viewer: FieldContext['viewer'], nowMs: number): FieldContext => ({
  ...context(nowMs),
  viewer,
  gridTask: () => '见面,确认未转账',
  alternatives: () => [{ name: '某银行营业厅', distanceM: 320 }],
  clear: ({ person }) => Promise.resolve({ name: `clear ${person}`, phone: '[phone]', address: '[address]' }),
});
