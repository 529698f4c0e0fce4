import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LightMyRequestResponse } from 'fastify';
import type { Assessment } from '@skyeye/contracts';
import { ManualClock } from '@skyeye/foundation';
import { createGeo, demoCounty } from '@skyeye/geo';
import { demoAccounts, installDemo, memoryAccounts, memoryKeys, passwords } from '@skyeye/identity';
import { migrate, openLedger, putReference, recordAssessment, startEmbeddedPostgres, type Ledger } from '@skyeye/ledger';
import { silentTelemetry } from '@skyeye/telemetry';
import { auditReveals, embeddedVault, masterKeyFrom, setUpVault, tokenizer, vaultReader, vaultWriter } from '@skyeye/vault';
import { app, FIELD_COOKIE, type FieldService } from '../index.ts';

/** 2026-09-16 10:00 in Shanghai. */
export const T0 = Date.UTC(2026, 8, 16, 2);
export const PERSON = {
  identity: '371526195801011234',
  name: '王桂兰',
  phone: '13800005521',
  address: '凤栖社区3号楼2单元',
  acct: '6217000011110093',
};

const master = masterKeyFrom(Buffer.alloc(32, 5));
const tokens = tokenizer(master);

export interface Terminal {
  readonly service: FieldService;
  readonly ledger: Ledger;
  readonly clock: ManualClock & { readonly speed: number };
  readonly base: string;
  /** Records an alert of the one person; returns the id of the incident. */
  alert(id: string, change?: Partial<Assessment>): Promise<string>;
  as(
    account: string,
  ): Promise<(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) => Promise<LightMyRequestResponse>>;
  cookieOf(account: string): Promise<string>;
  end(): Promise<void>;
}

/** A whole field service on real parts in a folder of its own. */
export async function startTerminal({ webFolder = null }: { webFolder?: string | null } = {}): Promise<Terminal> {
  const folder = await mkdtemp(join(tmpdir(), 'skyeye-field-'));
  const server = await startEmbeddedPostgres({ folder });
  await migrate({ url: server.ledgerUrl });
  const ledger = openLedger({ url: server.ledgerUrl });
  const urls = await embeddedVault(server.createDatabase);
  await setUpVault({ ...urls, master });
  const clock = Object.assign(new ManualClock(T0), { speed: 1 });
  const writer = vaultWriter({ url: urls.writerUrl, master });
  const vault = vaultReader({ url: urls.readerUrl, master, audit: auditReveals(ledger, clock), wallNowMs: Date.now });
  const person = tokens.token('person', PERSON.identity);
  const phone = tokens.token('phone', PERSON.phone);
  await writer.remember([
    { token: person, kind: 'person', clear: PERSON.identity, profile: { name: PERSON.name, address: PERSON.address } },
    { token: phone, kind: 'phone', clear: PERSON.phone },
  ]);
  const community = demoCounty.communities[0];
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
      grid: demoCounty.grids[0]?.code ?? null,
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
  const service = await app({
    telemetry: silentTelemetry('field'),
    clock,
    wallNowMs: Date.now,
    ledger,
    vault,
    store: memoryKeys(Date.now),
    accounts,
    passwords: cheap,
    county: demoCounty,
    options: { hosts: null, secureCookie: false, demo: true, version: 'test', webFolder, pushKey: 'key' },
  });
  await service.start();
  await service.http.listen({ host: '127.0.0.1', port: 0 });

  const signIn = async (name: string): Promise<string> => {
    const account = demo.accounts.find((entry) => entry.account === name);
    if (account === undefined) throw new Error(`no demonstration account ${name}`);
    const reply = await service.http.inject({
      method: 'POST',
      url: '/api/session',
      payload: { account: name, password: account.password },
    });
    return reply.cookies.find((cookie) => cookie.name === FIELD_COOKIE)?.value ?? '';
  };
  return {
    service,
    ledger,
    clock,
    base: `http://127.0.0.1:${(service.http.server.address() as AddressInfo).port}`,
    async alert(id, change = {}) {
      const recorded = await recordAssessment(
        ledger,
        createGeo(demoCounty),
        { ...assessment(person, id, clock.nowMs()), ...change },
        clock.nowMs(),
      );
      return recorded.incidentId ?? '';
    },
    async as(name) {
      const cookies = { [FIELD_COOKIE]: await signIn(name) };
      return (method, url, payload) =>
        service.http.inject({ method, url, cookies, ...(payload === undefined ? {} : { payload }) }) as Promise<LightMyRequestResponse>;
    },
    cookieOf: async (name) => `${FIELD_COOKIE}=${await signIn(name)}`,
    async end() {
      await service.close();
      await Promise.all([writer.close(), vault.close()]);
      await ledger.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function assessment(person: string, id: string, t: number): Assessment {
  const acct = tokens.token('acct', PERSON.acct);
  return {
    id,
    person,
    phone: null,
    acct,
    t,
    causeEventId: `S08:${id}`,
    score: 0.9731,
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
        eventId: `S01:${id}`,
        stream: 'call',
        t,
        delayMs: 2_000,
        startMs: null,
        says: { zh: '陌生来电', en: 'call from a stranger' },
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
