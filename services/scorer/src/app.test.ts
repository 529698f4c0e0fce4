import { ALL_TOPICS, SERVICE_KEY_HEADER, type Assessment, type QuarantineRecord, type StreamEvent } from '@skyeye/contracts';
import { ManualClock } from '@skyeye/foundation';
import { createMemoryStore, type Store } from '@skyeye/store';
import { createEmbeddedLog, streamErrors, type Log } from '@skyeye/stream';
import { silentTelemetry, type Telemetry } from '@skyeye/telemetry';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ScorerPart } from './checkpoint.ts';
import { app, Checkpoints, type Scorer } from './index.ts';
import { isTransfer, scoringOf, svcCase } from './testing/case.ts';
import { readTopic } from './testing/read-topic.ts';

const KEY = 'a key of sixteen and more';
const events = svcCase();
const firstTransfer = events.findIndex(isTransfer);
let folder: string;
let log: Log;
let store: Store;
let telemetry: Telemetry;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyeye-scorer-'));
  telemetry = silentTelemetry();
  log = createEmbeddedLog({ folder: join(folder, 'log'), telemetry });
  store = createMemoryStore({ folder: join(folder, 'store'), telemetry });
  await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
});
afterEach(async () => {
  await log.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const start = (
  through: Log = log,
  other: { readonly store?: Store; readonly port?: number; readonly bytesMax?: number } = {},
): Promise<Scorer> =>
  app({
    log: through,
    store: other.store ?? store,
    telemetry,
    clock: new ManualClock(0),
    wallNowMs: () => 1_000,
    scoring: () => scoringOf({ telemetry, ...(other.bytesMax === undefined ? {} : { bytesMax: other.bytesMax }) }),
    seal: (bytes) => `${bytes.length} bytes`,
    serviceKey: KEY,
    host: '127.0.0.1',
    port: other.port ?? 0,
  });
const produce = (list: readonly (StreamEvent | string)[]): Promise<void> =>
  log.producer().send(
    'events',
    list.map((event) => ({ key: 'V', value: typeof event === 'string' ? event : JSON.stringify(event) })),
  );
async function drained(scorer: Scorer): Promise<void> {
  while ((await scorer.lag()) > 0) await sleep(10);
}
const said = async (): Promise<Assessment[]> => (await readTopic(log, 'assessments')).map((value) => JSON.parse(value) as Assessment);
/** Sorted: between the persons of several partitions there is no order. */
const idsOf = (made: readonly Assessment[]): string[] => made.map(({ id }) => id).sort();
const ask = (scorer: Pick<Scorer, 'origin'>, event: unknown, key: string | null = KEY): Promise<Response> =>
  fetch(`${scorer.origin}/peek`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { [SERVICE_KEY_HEADER]: key }) },
    body: JSON.stringify({ event, deadlineMs: 100 }),
  });

test('a poisoned event goes to quarantine with its position, and the scorer goes on', async () => {
  const large = JSON.stringify({ stream: 'call', id: 'x'.repeat(900_000) });
  await produce([...events.slice(0, 50), '{"stream":"pigeon","id":"x1","t":1}', 'no JSON', large, ...events.slice(50, firstTransfer)]);
  const scorer = await start();
  await drained(scorer);
  await scorer.stop();
  const quarantined = (await readTopic(log, 'quarantine')).map((value) => JSON.parse(value) as QuarantineRecord);
  expect(quarantined.map(({ offset, code, sealed }) => [offset, code, sealed])).toEqual([
    ['50', 'SCORER_EVENT_CONTRACT', '35 bytes'],
    ['51', 'SCORER_EVENT_CONTRACT', '7 bytes'],
    ['52', 'SCORER_EVENT_CONTRACT', '524288 bytes'],
  ]);
  expect((await said()).filter(({ person }) => person === 'V').at(-1)?.level).toBe('P1');
});

test('invariant 3: what could not be sent is sent later, though its events come again as duplicates', async () => {
  await produce(events);
  let refusals = 3;
  const flaky: Log = {
    ...bound(log),
    producer: () => {
      const inner = log.producer();
      return {
        ...inner,
        send: (topic, messages) => (refusals-- > 0 ? Promise.reject(streamErrors.brokerUnreachable()) : inner.send(topic, messages)),
        close: () => inner.close(),
      };
    },
  };
  const scorer = await start(flaky);
  await drained(scorer);
  await scorer.stop();
  expect(refusals).toBeLessThan(0);
  expect(idsOf(await said())).toEqual(idsOf(await scoringOf().fold(events)));
});

test('the private port refuses without the service key, a malformed event, and before the backlog is read', async () => {
  const scorer = await start();
  const transfer = { ...events[firstTransfer], id: 'S09:hold:b:question1', st: 'init' };
  expect((await ask(scorer, transfer, null)).status).toBe(401);
  expect((await ask(scorer, transfer, 'a key of sixteen and mare')).status).toBe(401);
  expect((await ask(scorer, { ...transfer, amt: -1 })).status).toBe(400);
  expect((await ask(scorer, { ...transfer, stream: 'pigeon' })).status).toBe(400);
  expect((await ask(scorer, transfer)).status).toBe(200);
  await scorer.stop();

  await produce(events);
  const behind = await start();
  const first = await ask(behind, transfer);
  expect(first.status).toBe(503);
  await drained(behind);
  await sleep(400);
  expect((await ask(behind, transfer)).status).toBe(200);
  await behind.stop();
});

test('while the state is being read the private port answers: alive, not ready, and no half answer (invariant 5)', async () => {
  const gate = Promise.withResolvers<undefined>();
  const slow = new Proxy(store, {
    get: (inner, name) =>
      name === 'getSnapshot'
        ? async (snapshot: string) => {
            await gate.promise;
            return inner.getSnapshot(snapshot);
          }
        : (Reflect.get(inner, name) as () => unknown).bind(inner),
  });
  const port = await freePort();
  const starting = start(log, { store: slow, port });
  const origin = `http://127.0.0.1:${port}`;
  await expect.poll(async () => (await fetch(`${origin}/health`).catch(() => undefined))?.status, { timeout: 10_000 }).toBe(200);
  expect(await (await fetch(`${origin}/ready`)).json()).toMatchObject({ state: 'degraded', ready: false });
  const transfer = { ...events[firstTransfer], id: 'S09:hold:b:question2', st: 'init' };
  expect((await ask({ origin }, transfer)).status).toBe(503);
  gate.resolve(undefined);
  const scorer = await starting;
  expect(await (await fetch(`${origin}/ready`)).json()).toMatchObject({ state: 'ok', ready: true });
  expect((await ask(scorer, transfer)).status).toBe(200);
  await scorer.stop();
});

test('at its ceiling of memory the scorer stops reading, says so and lives, and with a higher one it goes on where it stopped', async () => {
  await produce(events);
  const bytesMax = scoringOf().engine.bytes + 20_000;
  const small = await start(log, { bytesMax });
  while (!(await telemetry.metricsText()).includes('scorer_reading_paused_count 1')) await sleep(20);
  // What was folded before is sent.
  await sleep(1_000);
  const left = await small.lag();
  expect(left).toBeGreaterThan(0);
  await sleep(300);
  expect(await small.lag()).toBe(left);
  await small.checkpoint();
  await small.stop();
  const large = await start();
  await drained(large);
  await large.stop();
  expect(idsOf(await said())).toEqual(idsOf(await scoringOf().fold(events)));
});

/** The packed texts of a part; all of them are ASCII here. */
function textsIn(part: ScorerPart): readonly string[] {
  if (part.kind !== 'texts') return [];
  const { starts, words } = part.texts;
  const bytes = Buffer.from(words.buffer, words.byteOffset, words.byteLength);
  return Array.from(starts.subarray(1), (end, index) => bytes.toString('latin1', (starts[index] ?? 0) * 4, end * 4).replace(/ÿ+$/, ''));
}

test('a person is erased while events are folded: no snapshot has a trace, and a restart does not bring one back', async () => {
  await produce(events.slice(0, 300));
  const scorer = await start();
  await drained(scorer);
  await scorer.checkpoint();
  await produce(events.slice(300).filter((event) => !Object.values(event).some((value) => value === 'V' || value === 'PV')));
  await scorer.forget([
    { keyType: 'person', key: 'V' },
    { keyType: 'phone', key: 'PV' },
  ]);
  await drained(scorer);
  await scorer.checkpoint();
  const parts: unknown[] = [];
  let checkpoints = 0;
  for await (const loaded of new Checkpoints(store).newestFirst((error) => expect.unreachable(String(error)))) {
    checkpoints += 1;
    parts.push(loaded.state);
    for await (const part of loaded.parts()) parts.push(part, textsIn(part));
  }
  expect(checkpoints).toBe(2);
  const texts = new Set<unknown>();
  JSON.stringify(parts, (_name, value: unknown) => {
    if (typeof value === 'string') for (const side of value.split('\u0000')) texts.add(side);
    return value;
  });
  expect(texts.has('bank')).toBe(true);
  for (const trace of ['V', 'PV', 'p:PV']) expect(texts.has(trace)).toBe(false);
  await scorer.stop();
});

test('erasure is asked for over the private port with the key, and asked again until it is done', async () => {
  await produce(events.slice(0, 100));
  const scorer = await start();
  await drained(scorer);
  const forget = (key: string, keys: readonly unknown[] = [{ keyType: 'person', key: 'V' }]): Promise<Response> =>
    fetch(`${scorer.origin}/forget`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [SERVICE_KEY_HEADER]: key },
      body: JSON.stringify({ id: '5f0c3b1e-6a2d-4b0f-9a53-0f6a5a3c1d11', keys }),
    });
  expect((await forget('another key of sixteen')).status).toBe(401);
  expect((await forget(KEY, [{ keyType: 'domain', key: 'V' }])).status).toBe(400);
  const held = (): Promise<unknown> => forget(KEY).then((reply) => reply.json());
  // Until the backlog is read, nothing is erased of half a state.
  await expect.poll(held, { timeout: 10_000 }).toEqual({ state: 'running' });
  await expect.poll(held, { timeout: 10_000 }).toEqual({ state: 'done' });
  await scorer.stop();
  let states = '';
  for await (const loaded of new Checkpoints(store).newestFirst((error) => expect.unreachable(String(error)))) {
    states += JSON.stringify(loaded.state);
    for await (const part of loaded.parts()) states += JSON.stringify([part, textsIn(part)]);
  }
  expect(states).not.toContain('"V"');
});

test('the private port says why a value was said and what the engine holds, to who has the key', async () => {
  await produce(events.slice(0, firstTransfer));
  const scorer = await start();
  await drained(scorer);
  const why = (key: string, eventId: string): Promise<Response> =>
    fetch(`${scorer.origin}/why`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [SERVICE_KEY_HEADER]: key },
      body: JSON.stringify({ feature: 'call_night_unk_7d', key: 'PV', at: { eventId } }),
    });
  const call = events.find((event) => event.stream === 'call' && event['phone'] === 'PV');
  expect((await why('another key of sixteen', call?.id ?? '')).status).toBe(401);
  await expect.poll(async () => (await why(KEY, call?.id ?? '')).status, { timeout: 10_000 }).toBe(200);
  expect(await (await why(KEY, call?.id ?? '')).json()).toMatchObject({ feature: 'call_night_unk_7d', key: 'PV', eventId: call?.id });
  expect((await why(KEY, 'no such event')).status).toBe(404);
  const usage = await fetch(`${scorer.origin}/usage`, { headers: { [SERVICE_KEY_HEADER]: KEY } });
  expect(await usage.json()).toMatchObject({ events: firstTransfer, full: false, entities: { person: expect.any(Number) as number } });
  await scorer.stop();
});

test('the catalogue changes while the scorer runs, and what is said afterwards is of the new one', async () => {
  await produce(events.slice(0, firstTransfer));
  const scorer = await start();
  await drained(scorer);
  const next = scoringOf();
  await scorer.adopt({ plan: next.engine.plan, detector: next.detector, predictor: null });
  await produce(events.slice(firstTransfer));
  await drained(scorer);
  await scorer.stop();
  const made = await said();
  expect(idsOf(made)).toEqual(idsOf(await scoringOf().fold(events)));
  expect(made.length).toBeGreaterThan(0);
});

test('after a restart the scorer goes on from its checkpoint and reads nothing twice', async () => {
  await produce(events.slice(0, 400));
  const first = await start();
  await drained(first);
  await first.stop();
  await produce(events.slice(400));
  const second = await start();
  await drained(second);
  await second.stop();
  expect(idsOf(await said())).toEqual(idsOf(await scoringOf().fold(events)));
});

/** Damages the newest file of the snapshots whose name matches. */
async function damage(pattern: RegExp, newest = 1): Promise<number> {
  const path = join(folder, 'store', 'snapshots');
  const files = (await readdir(path))
    .filter((name) => pattern.test(name))
    .sort((a, b) => Number(a.split('.').at(-1)) - Number(b.split('.').at(-1)));
  for (const name of files.slice(-newest)) {
    const bytes = await readFile(join(path, name));
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 0xff;
    await writeFile(join(path, name), bytes);
  }
  return files.length;
}

test.each<[says: string, pattern: RegExp, newest: number]>([
  ['its parts are damaged', /^scorer-parts-4-/, 1],
  ['its manifest is damaged', /^scorer-manifest-4/, 1],
  ['the one before is damaged besides', /^scorer-(parts|manifest)-[34]/, 1_000],
  ['every part and manifest is damaged, so the log is read from its beginning', /^scorer-/, 1_000],
])('a checkpoint is refused when %s, and the same is said as ever', async (_says, pattern, newest) => {
  // Four checkpoints, of which the older ones are removed.
  for (let step = 0; step < 4; step++) {
    await produce(events.slice(step * 150, (step + 1) * 150));
    const scorer = await start();
    await drained(scorer);
    await scorer.stop();
  }
  expect(await damage(pattern, newest)).toBeGreaterThan(0);
  await produce(events.slice(600));
  const scorer = await start();
  await drained(scorer);
  await scorer.stop();
  const unique = new Map((await said()).map((made) => [made.id, made]));
  expect(idsOf([...unique.values()])).toEqual(idsOf(await scoringOf().fold(events)));
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A log whose methods can be spread. */
function bound(inner: Log): Log {
  return {
    kind: inner.kind,
    admin: inner.admin,
    createTopics: (topics) => inner.createTopics(topics),
    producer: () => inner.producer(),
    consumer: (options) => inner.consumer(options),
    close: () => inner.close(),
  };
}
