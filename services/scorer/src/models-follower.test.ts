import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MODEL_KEYS, modelCounts, type ModelCounts } from '@skyeye/contracts';
import { modelAdapter, modelDigest, newReleaseKey, type Adapter } from '@skyeye/model';
import { createMemoryStore, type Store } from '@skyeye/store';
import { silentTelemetry } from '@skyeye/telemetry';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ModelSlot, type Offer } from './model-slot.ts';
import { followModels, type ModelsFollower, type ModelPlaces } from './models-follower.ts';
import { sumModel } from './testing/sum-model.ts';

const key = newReleaseKey();
const rows = new Float32Array([1, 0]);
let adapter: Adapter;
let root: string;
let store: Store;
let slot: ModelSlot;
let places: ModelPlaces;
let follower: ModelsFollower | undefined;

const made = (version: string, weight: number, signed = true): Promise<Offer> =>
  sumModel(adapter, root, { version, weights: [weight, 0, 0], privateKey: signed ? key.privateKey : null });

beforeAll(async () => void (adapter = await modelAdapter('wasm')));
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'skyeye-models-'));
  store = createMemoryStore({ folder: join(root, 'store'), telemetry: silentTelemetry() });
  slot = new ModelSlot({
    adapter,
    expects: { transform: 'plain', inputs: ['a', 'b'] },
    keys: [key.publicKey],
    telemetry: silentTelemetry(),
  });
  const release = await made('1', 3);
  await slot.offer(release);
  places = { folder: root, slots: { person: { slot, release, challenger: null } } };
});
afterEach(async () => {
  await follower?.stop();
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

const follow = async (lookMs = 20): Promise<void> => {
  follower = await followModels({ store, places, telemetry: silentTelemetry(), nowMs: () => 1, lookMs });
};
const placed = async (version: string) => ({ version, digest: await modelDigest(join(root, 'person', version)) });
type Placed = Awaited<ReturnType<typeof placed>>;
async function put(seq: number, champion: Placed | null, challenger: Placed | null): Promise<void> {
  await store.set(MODEL_KEYS.inForce, JSON.stringify({ seq, models: [{ name: 'person', champion, challenger }] }));
  await store.set(MODEL_KEYS.seq, String(seq));
  await store.publish(MODEL_KEYS.inForce, String(seq));
}
const told = async (): Promise<ModelCounts> => modelCounts.parse(JSON.parse((await store.get(MODEL_KEYS.counts)) ?? '{}'));
async function until(holds: (said: ModelCounts) => boolean): Promise<ModelCounts['models'][number]> {
  const startMs = performance.now();
  for (;;) {
    const said = await told();
    if (holds(said) && said.models[0] !== undefined) return said.models[0];
    if (performance.now() - startMs > 20_000) throw new Error(`not told in time: ${JSON.stringify(said)}`);
    await sleep(10);
  }
}

test('a promotion and its roll-back are in force without a restart, and the release’s stands where nobody was promoted', async () => {
  await made('2', -3);
  await follow(3_600_000);
  expect(slot.version).toBe('person/1');
  await put(1, await placed('2'), null);
  expect(await until(({ seq }) => seq === 1)).toMatchObject({ champion: 'person/2', refused: [] });
  expect((await slot.predict(rows))?.probabilities[0]).toBeLessThan(0.1);
  await put(2, null, null);
  expect(await until(({ seq }) => seq === 2)).toMatchObject({ champion: 'person/1' });
});

test('a folder that is not the one that was approved is refused with its reason, and the one before decides', async () => {
  const { version, digest } = { ...(await placed('1')), version: '2' };
  await made('2', -3);
  await follow();
  await put(4, { version, digest }, null);
  expect(await until(({ seq }) => seq === 4)).toMatchObject({
    champion: 'person/1',
    refused: [{ model: 'person/2', code: 'MODEL_FOREIGN' }],
  });
  await put(5, { version: '9', digest }, null);
  expect(await until(({ seq }) => seq === 5)).toMatchObject({
    champion: 'person/1',
    refused: [{ model: 'person/9', code: 'MODEL_UNREADABLE' }],
  });
});

test('a challenger needs no signature and is counted, a champion needs one, and what was counted survives a restart', async () => {
  await made('2', -3, false);
  await follow();
  await put(6, null, await placed('2'));
  expect(await until(({ seq }) => seq === 6)).toMatchObject({ champion: 'person/1', challenger: 'person/2' });
  await slot.predict(rows);
  expect((await until(({ models }) => models[0]?.counts.lower === 1)).counts).toMatchObject({ agrees: 0, higher: 0, lower: 1, failed: 0 });
  await follower?.stop();
  slot = new ModelSlot({
    adapter,
    expects: { transform: 'plain', inputs: ['a', 'b'] },
    keys: [key.publicKey],
    telemetry: silentTelemetry(),
  });
  const { person } = places.slots;
  if (person === undefined) throw new Error('the place of the person’s model');
  await slot.offer(person.release);
  places = { folder: root, slots: { person: { ...person, slot } } };
  await follow();
  await slot.predict(rows);
  await until(({ models }) => models[0]?.counts.lower === 2);
  await put(7, await placed('2'), null);
  expect(await until(({ seq }) => seq === 7)).toMatchObject({
    champion: 'person/1',
    refused: [{ model: 'person/2', code: 'MODEL_UNREADABLE' }],
  });
});
