import { loadCatalogue, officialHolidays } from '@skyeye/catalogue';
import { FastEngine, planOf, type CheckpointPart, type Engine } from '@skyeye/engine';
import { createMemoryStore, storeErrors, type Store } from '@skyeye/store';
import { silentTelemetry } from '@skyeye/telemetry';
import { beforeEach, expect, test } from 'vitest';
import { Checkpoints, type Scoring } from './index.ts';
import { scoringOf, svcCase } from './testing/case.ts';

const events = svcCase();
let store: Store;
let scoring: Scoring;
let engine: Engine;
beforeEach(() => {
  store = createMemoryStore({ telemetry: silentTelemetry() });
  scoring = scoringOf();
  ({ engine } = scoring);
  return () => store.close();
});

const write = (checkpoints: Checkpoints, label: number, meanwhile = (): void => undefined): Promise<unknown> =>
  checkpoints.write({
    engine,
    detector: scoring.detector,
    closing: (last) => {
      meanwhile();
      last();
      return Promise.resolve({ positions: [], lastTickMs: label, detection: null });
    },
  });

/** The newest that can be read as a whole, and why others were refused. */
async function read(): Promise<{
  readonly label: number | null;
  readonly restored: Engine;
  readonly of: Scoring;
  readonly refused: readonly string[];
}> {
  const refused: string[] = [];
  const refuse = (error: unknown): void =>
    void refused.push(error instanceof Error && 'code' in error ? String(error.code) : String(error));
  for await (const { state, parts } of new Checkpoints(store).newestFirst(refuse)) {
    const of = scoringOf();
    try {
      for await (const part of parts()) of.take(part);
      return { label: state.lastTickMs, restored: of.engine, of, refused };
    } catch (error) {
      refuse(error);
    }
  }
  const of = scoringOf();
  return { label: null, restored: of.engine, of, refused };
}

const names = async (): Promise<string[]> => (await store.listSnapshots()).map(({ name }) => name);

async function spoil(name: string, change: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  const snapshot = await store.getSnapshot(name);
  await store.deleteSnapshot(name);
  await store.putSnapshot(name, change(Uint8Array.from(snapshot?.bytes ?? [])));
}

test('checkpoints add to a complete one, what is folded while one is written is in it, and the state goes on as if never stopped', async () => {
  const checkpoints = new Checkpoints(store);
  engine.ingest(events.slice(0, 400));
  await write(checkpoints, 1, () => engine.ingest(events.slice(400, 420)));
  const complete = (await store.listSnapshots()).reduce((sum, { bytes }) => sum + bytes, 0);
  engine.ingest(events.slice(420, 440));
  await write(checkpoints, 2, () => engine.ingest(events.slice(440, 445)));
  const both = (await store.listSnapshots()).reduce((sum, { bytes }) => sum + bytes, 0);
  expect(both - complete).toBeLessThan(complete / 5);
  const { label, restored } = await read();
  expect(label).toBe(2);
  expect(restored.stats()).toEqual(engine.stats());
  for (const event of events.slice(445)) expect(restored.ingest([event])).toEqual(engine.ingest([event]));
});

test('what is remembered of persons is written in parts while they change, and only of those who changed', async () => {
  const checkpoints = new Checkpoints(store);
  const [some, more] = [Math.floor(events.length / 2), Math.floor((3 * events.length) / 4)];
  await scoring.fold(events.slice(0, some - 40));
  const writing = write(checkpoints, 1);
  for (const event of events.slice(some - 40, some)) {
    await scoring.fold([event]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writing;
  const first = await read();
  await scoring.fold(events.slice(some, more));
  await write(checkpoints, 2);
  const second = await read();
  expect(scoring.detector.persons).toBeGreaterThan(1);
  expect(second.of.detector.state().persons).toEqual(scoring.detector.state().persons);
  expect(first.of.detector.state().persons).not.toEqual(second.of.detector.state().persons);
  for (const event of events.slice(more)) expect(await second.of.fold([event])).toEqual(await scoring.fold([event]));
});

test.each<[says: string, file: string, change: (bytes: Uint8Array) => Uint8Array, code: string]>([
  ['cut off', 'scorer-parts-3-0', (bytes) => bytes.subarray(0, bytes.length - 1), 'ENGINE_PIECE_TRUNCATED'],
  ['cut off to nothing', 'scorer-parts-3-0', () => new Uint8Array(0), 'SCORER_SNAPSHOT_BROKEN'],
  ['changed by a bit', 'scorer-parts-3-0', (bytes) => bytes.with(400, (bytes[400] ?? 0) ^ 4), 'ENGINE_PIECE_DAMAGED'],
  ['some other file', 'scorer-parts-3-0', () => new Uint8Array(300), 'ENGINE_PIECE_FOREIGN'],
  ['of a later release', 'scorer-manifest-3', (bytes) => bytes.with(7, 9), 'ENGINE_FORMAT_UNKNOWN'],
  ['without a manifest that can be read', 'scorer-manifest-3', (bytes) => bytes.with(60, (bytes[60] ?? 0) ^ 1), 'ENGINE_PIECE_DAMAGED'],
])('a checkpoint that is %s is refused with its reason, and the one before is used', async (_says, file, change, code) => {
  const checkpoints = new Checkpoints(store);
  for (const label of [1, 2, 3]) {
    engine.ingest(events.slice((label - 1) * 40, label * 40));
    await write(checkpoints, label);
  }
  await spoil(file, change);
  const { label, restored, refused } = await read();
  expect(label).toBe(2);
  expect(refused).toEqual([code]);
  expect(restored.stats().events).toBe(80);
});

test('a piece of another checkpoint in the place of one is foreign', async () => {
  const checkpoints = new Checkpoints(store);
  for (const label of [1, 2, 3]) {
    engine.ingest(events.slice((label - 1) * 40, label * 40));
    await write(checkpoints, label);
  }
  const other = (await store.getSnapshot('scorer-parts-2-0'))?.bytes ?? new Uint8Array(0);
  await spoil('scorer-parts-3-0', () => other);
  expect(await read()).toMatchObject({ label: 2, refused: ['ENGINE_PIECE_FOREIGN'] });
});

test('with the disk full no checkpoint is written, the one before stands, nothing of it stays, and the next one adds to the right one', async () => {
  let room = Infinity;
  const full: Store = new Proxy(store, {
    get: (target, name) =>
      name === 'putSnapshot'
        ? (to: string, bytes: Uint8Array) => (room-- > 0 ? target.putSnapshot(to, bytes) : Promise.reject(storeErrors.diskFull()))
        : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
  });
  const checkpoints = new Checkpoints(full);
  engine.ingest(events.slice(0, 300));
  await write(checkpoints, 1);
  const before = await names();
  engine.ingest(events.slice(300, 320));
  for (room of [0, 1]) {
    await expect(write(checkpoints, 2)).rejects.toThrow('no space is left');
    expect(await names()).toEqual(before);
    expect((await read()).label).toBe(1);
  }
  room = Infinity;
  engine.ingest(events.slice(320, 340));
  await write(checkpoints, 4);
  const { label, restored } = await read();
  expect(label).toBe(4);
  expect(restored.stats()).toEqual(engine.stats());
});

test('the latest two checkpoints and the complete one before them are kept, and nothing else', async () => {
  engine.ingest(events.slice(0, 200));
  const first = new Checkpoints(store);
  for (const label of [1, 2, 3]) await write(first, label);
  // Another life begins with a complete one.
  const second = new Checkpoints(store);
  for await (const loaded of second.newestFirst(() => undefined)) expect(loaded.state.lastTickMs).toBeGreaterThan(0);
  for (const label of [4, 5, 6]) await write(second, label);
  const kept = (await names()).filter((name) => name.includes('manifest')).sort();
  expect(kept).toEqual(['scorer-manifest-3', 'scorer-manifest-5', 'scorer-manifest-6']);
  await second.write({
    engine,
    detector: scoring.detector,
    alone: true,
    closing: (last) => (last(), Promise.resolve({ positions: [], lastTickMs: 7, detection: null })),
  });
  expect(await names()).toEqual(['scorer-manifest-7', 'scorer-parts-7-0']);
});

test('a checkpoint of the release before is read, and gone with the first new one', async () => {
  const { serialize } = await import('node:v8');
  engine.ingest(events.slice(0, 100));
  const parts: CheckpointPart[] = [];
  const former = new FastEngine({ plan: planOf(loadCatalogue()), holidays: officialHolidays() });
  former.restore(engine.checkpoint());
  for (const part of former.checkpoint(undefined, 'records')) {
    if (part.kind === 'start' || part.kind === 'closing') continue;
    if (part.kind === 'head') parts.unshift({ ...part, format: 2 });
    else parts.push(part.kind === 'events' ? { kind: 'events', events: part.events } : part);
  }
  for (const [index, part] of parts.entries()) await store.putSnapshot(`scorer-1-part-${index}`, serialize({ generation: 9, part }));
  const manifest = { format: 2, generation: 9, parts: parts.length, positions: [], lastTickMs: 5, detection: null };
  await store.putSnapshot('scorer-1-manifest', serialize(manifest));
  const { label, restored } = await read();
  expect(label).toBe(5);
  for (const event of events.slice(100, 200)) expect(restored.ingest([event])).toEqual(engine.ingest([event]));
  await write(new Checkpoints(store), 6);
  expect(await names()).toEqual(['scorer-manifest-1', 'scorer-parts-1-0']);
});
