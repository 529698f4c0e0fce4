import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LightMyRequestResponse } from 'fastify';
import { ALL_TOPICS, type Assessment, type ForgetRequest } from '@skyeye/contracts';
import { ManualClock } from '@skyeye/foundation';
import { createGeo, demoCounty } from '@skyeye/geo';
import { demoAccounts, installDemo, memoryAccounts, passwords } from '@skyeye/identity';
import {
  migrate,
  openLedger,
  putReference,
  recordAssessment,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type Ledger,
} from '@skyeye/ledger';
import { createMemoryStore, type Store } from '@skyeye/store';
import { createEmbeddedLog, type Log } from '@skyeye/stream';
import { createTelemetry } from '@skyeye/telemetry';
import {
  auditReveals,
  embeddedVault,
  masterKeyFrom,
  quarantineSealer,
  setUpVault,
  tokenizer,
  vaultReader,
  vaultWriter,
} from '@skyeye/vault';
import { app, CONSOLE_COOKIE, type CommandCenter } from '../index.ts';

/** 2026-09-16 10:00 in Shanghai. */
export const T0 = Date.UTC(2026, 8, 16, 2);
export const PERSON = { identity: '371526195801011234', name: '王桂兰', phone: '13800005521', address: '凤栖社区3号楼2单元' };

const master = masterKeyFrom(Buffer.alloc(32, 5));
const tokens = tokenizer(master);
export const sealQuarantine = quarantineSealer(master);

export interface Desk {
  readonly center: CommandCenter;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly store: Store;
  readonly clock: ManualClock & { readonly speed: number };
  readonly person: string;
  readonly base: string;
  /** What the scorer was asked to erase; it answers `running`, then `done`. */
  readonly forgets: readonly ForgetRequest[];
  /** Every line of the service's log, debug too. */
  readonly logged: readonly string[];
  /** Records an alert of a new person (or, with 0, of the one in the vault). Returns the id of the incident. */
  alert(number: number, change?: Partial<Assessment>): Promise<string>;
  /** By the name of an account, or the first with a role of that name. */
  as(
    account: string,
  ): Promise<(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) => Promise<LightMyRequestResponse>>;
  cookieOf(account: string): Promise<string>;
  end(): Promise<void>;
}

/** A whole command centre on real parts in a folder of its own. */
export async function startDesk({ webFolder = null }: { webFolder?: string | null } = {}): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'skyeye-desk-'));
  const server: EmbeddedPostgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
  await migrate({ url: server.ledgerUrl });
  const ledger = openLedger({ url: server.ledgerUrl });
  const urls = await embeddedVault(server.createDatabase);
  await setUpVault({ ...urls, master });
  const clock = Object.assign(new ManualClock(T0), { speed: 1 });
  const writer = vaultWriter({ url: urls.writerUrl, master });
  const vault = vaultReader({ url: urls.readerUrl, master, audit: auditReveals(ledger, clock), wallNowMs: Date.now });
  const logged: string[] = [];
  const telemetry = createTelemetry({
    service: 'command-center',
    level: 'debug',
    destination: { write: (line) => void logged.push(line) },
  });
  const log = createEmbeddedLog({ folder: join(folder, 'log'), telemetry });
  await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
  const store = createMemoryStore({ folder: join(folder, 'store'), telemetry });
  const person = tokens.token('person', PERSON.identity);
  const phone = tokens.token('phone', PERSON.phone);
  await writer.remember([
    { token: person, kind: 'person', clear: PERSON.identity, profile: { name: PERSON.name, address: PERSON.address } },
    { token: phone, kind: 'phone', clear: PERSON.phone },
  ]);
  const community = demoCounty.communities[0];
  const grid = demoCounty.grids[0];
  await putReference(ledger, [
    {
      id: 'r1',
      kind: 'person',
      person,
      sex: 'f',
      bornYear: 1958,
      occ: 'retired',
      liveAlone: true,
      antifraudApp: false,
      community: community?.code ?? null,
      grid: grid?.code ?? null,
      lon: community?.lon ?? null,
      lat: community?.lat ?? null,
      fromMs: 0,
      toMs: T0 * 2,
    },
    {
      id: 'r2',
      kind: 'phone',
      phone,
      person,
      lineKind: 'mobile',
      region: null,
      openedMs: null,
      ownerNumCnt: 1,
      iot: false,
      fullView: false,
      covered: [],
      fromMs: 0,
      toMs: T0 * 2,
    },
  ]);
  const accounts = memoryAccounts();
  const cheap = passwords({ memoryCost: 64, timeCost: 1, parallelism: 1 });
  const demo = demoAccounts(demoCounty, Buffer.alloc(32, 9));
  await installDemo(demo, accounts, cheap);

  const forgets: ForgetRequest[] = [];
  const center = await app({
    telemetry,
    clock,
    wallNowMs: Date.now,
    ledger,
    vault,
    quarantine: sealQuarantine,
    tokens,
    erasing: { forget: async (request) => (forgets.push(request) > 1 ? 'done' : 'running') },
    store,
    log,
    accounts,
    passwords: cheap,
    county: demoCounty,
    options: { hosts: null, secureCookie: false, demo: true, version: 'test', webFolder },
  });
  await center.start();
  await center.http.listen({ host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${(center.http.server.address() as AddressInfo).port}`;

  const signIn = async (name: string): Promise<string> => {
    const account = demo.accounts.find((entry) => entry.account === name) ?? demo.accounts.find((entry) => entry.role === name);
    if (account === undefined) throw new Error(`no demonstration account ${name}`);
    const reply = await center.http.inject({
      method: 'POST',
      url: '/api/session',
      payload: { account: account.account, password: account.password },
    });
    return reply.cookies.find((cookie) => cookie.name === CONSOLE_COOKIE)?.value ?? '';
  };
  let alerts = 0;
  return {
    center,
    ledger,
    log,
    store,
    clock,
    person,
    base,
    logged,
    forgets,
    async alert(number, change = {}) {
      const who = number === 0 ? person : tokens.token('person', `someone ${number}`);
      const recorded = await recordAssessment(
        ledger,
        createGeo(demoCounty),
        { ...assessment(who, `a${++alerts}`, clock.nowMs()), ...change },
        clock.nowMs(),
      );
      return recorded.incidentId ?? '';
    },
    async as(name) {
      const cookies = { [CONSOLE_COOKIE]: await signIn(name) };
      return (method, url, payload) =>
        center.http.inject({ method, url, cookies, ...(payload === undefined ? {} : { payload }) }) as Promise<LightMyRequestResponse>;
    },
    cookieOf: async (name) => `${CONSOLE_COOKIE}=${await signIn(name)}`,
    async end() {
      await center.close();
      await Promise.all([writer.close(), vault.close(), store.close(), log.close()]);
      await ledger.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function assessment(person: string, id: string, t: number): Assessment {
  return {
    id,
    person,
    phone: null,
    acct: null,
    t,
    causeEventId: `S08:${id}`,
    score: 0.97,
    level: 'P1',
    expectedLossFen: 5_000_000,
    lostFen: 0,
    lossAtMs: t + 600_000,
    scam: 'svc',
    reasons: [
      {
        feature: 'f',
        says: { zh: '与陌生号码通话31分钟未断', en: 'on the phone with a stranger for 31 minutes' },
        contribution: 0.6,
        value: 1860,
        evidence: [`S08:${id}`],
      },
    ],
    evidence: [
      {
        eventId: `S08:${id}`,
        stream: 'rctl',
        t,
        delayMs: 2_000,
        startMs: null,
        says: { zh: '共享屏幕', en: 'shares the screen' },
        peer: null,
        amountFen: null,
        facts: {},
      },
    ],
    live: { call: true, share: true, payment: false },
    scoredBy: 'model+rules',
    versions: { catalogue: '1', rules: '1', model: '1', engine: '1' },
    ingestedAtMs: null,
  };
}
