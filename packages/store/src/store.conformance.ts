import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PUBLISH_BYTES_MAX, VALUE_BYTES_MAX, type Store } from './port.ts';

export interface StoreHarness {
  /** Opens a further client of the same store, as another process or thread would. */
  open(): Promise<Store>;
  stop(): Promise<void>;
}

/** What every adapter of {@link Store} promises. */
export function storeConformance(name: string, start: () => Promise<StoreHarness>): void {
  describe(name, () => {
    let harness: StoreHarness;
    let one: Store;
    let two: Store;
    beforeAll(async () => {
      harness = await start();
      one = await harness.open();
      two = await harness.open();
    });
    afterAll(async () => {
      await one?.close();
      await two?.close();
      await harness?.stop();
    });

    test('what one client sets the other gets, until it is deleted', async () => {
      const key = `k:${randomUUID()}`;
      expect(await one.get(key)).toBeUndefined();
      expect(await one.set(key, '值 ✓ \0')).toBe(true);
      expect(await two.get(key)).toBe('值 ✓ \0');
      expect(await two.set(key, '')).toBe(true);
      expect(await one.get(key)).toBe('');
      expect(await two.delete(key)).toBe(true);
      expect(await one.delete(key)).toBe(false);
      expect(await one.get(key)).toBeUndefined();
    });

    test('a key with a time to live is gone after it, for set, get, delete and increment alike', async () => {
      const key = randomUUID();
      await one.set(key, '5', { ttlMs: 500 });
      expect(await two.get(key)).toBe('5');
      await sleep(600);
      expect(await two.get(key)).toBeUndefined();
      expect(await one.delete(key)).toBe(false);
      await one.set(key, '5', { ttlMs: 500 });
      await sleep(600);
      expect(await two.increment(key)).toBe(1);
      await one.set(key, 'x', { ttlMs: 500 });
      await one.set(key, 'y');
      await sleep(600);
      expect(await one.get(key)).toBe('y');
    });

    test('invariant 6: of many who set a key only if it is absent, exactly one was the first', async () => {
      const key = `request:${randomUUID()}`;
      const won = await Promise.all(
        Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? one : two).set(key, String(i), { onlyIfAbsent: true, ttlMs: 60_000 })),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await one.get(key)).toBe(String(won.indexOf(true)));
      const expiring = randomUUID();
      await one.set(expiring, 'a', { ttlMs: 500 });
      expect(await two.set(expiring, 'b', { onlyIfAbsent: true })).toBe(false);
      await sleep(600);
      expect(await two.set(expiring, 'b', { onlyIfAbsent: true })).toBe(true);
    });

    test('a claim gives every key to its first, within a call, between calls and between clients', async () => {
      const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
      expect(
        await one.claim(
          [
            { key: a, value: '1' },
            { key: a, value: '2' },
            { key: b, value: '3' },
          ],
          { ttlMs: 60_000 },
        ),
      ).toEqual(['1', '1', '3']);
      expect(
        await two.claim(
          [
            { key: b, value: '4' },
            { key: c, value: '5' },
            { key: a, value: '6' },
          ],
          { ttlMs: 60_000 },
        ),
      ).toEqual(['3', '5', '1']);
      expect(await one.claim([], { ttlMs: 60_000 })).toEqual([]);
      const short = randomUUID();
      await one.claim([{ key: short, value: 'old' }], { ttlMs: 30 });
      await sleep(60);
      expect(await two.claim([{ key: short, value: 'new' }], { ttlMs: 60_000 })).toEqual(['new']);
    });

    test('counters lose no increment, and their window is not renewed', async () => {
      const key = randomUUID();
      const counts = await Promise.all(Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? one : two).increment(key, { ttlMs: 60_000 })));
      expect([...counts].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
      expect(await one.increment(key, { by: -10 })).toBe(50);
      const window = randomUUID();
      await one.increment(window, { ttlMs: 1_000 });
      await sleep(600);
      expect(await one.increment(window, { ttlMs: 1_000 })).toBe(2);
      await sleep(600);
      expect(await one.increment(window, { ttlMs: 1_000 })).toBe(1);
      await one.set(key, 'not a number');
      await expect(one.increment(key)).rejects.toMatchObject({ code: 'STORE_NOT_A_NUMBER', handling: 'refuse' });
    });

    test('keys are listed by prefix, special characters are only characters', async () => {
      const prefix = `p:${randomUUID()}:*[?`;
      for (const rest of ['b', 'a', 'c*']) await one.set(`${prefix}${rest}`, '1');
      await one.set(`${prefix}gone`, '1', { ttlMs: 1 });
      await sleep(20);
      expect(await two.keys(prefix)).toEqual([`${prefix}a`, `${prefix}b`, `${prefix}c*`]);
      expect(await two.keys(prefix, 2)).toHaveLength(2);
    });

    test('limits are refused and change nothing', async () => {
      await expect(one.set('', 'v')).rejects.toMatchObject({ code: 'STORE_NAME_TOO_LONG' });
      await expect(one.get('k'.repeat(600))).rejects.toMatchObject({ code: 'STORE_NAME_TOO_LONG' });
      await expect(one.set('big', 'x'.repeat(VALUE_BYTES_MAX + 1))).rejects.toMatchObject({
        code: 'STORE_VALUE_TOO_LARGE',
        handling: 'refuse',
      });
      await expect(one.publish('big', 'x'.repeat(PUBLISH_BYTES_MAX + 1))).rejects.toMatchObject({ code: 'STORE_VALUE_TOO_LARGE' });
      expect(await one.get('big')).toBeUndefined();
    });

    test('a message reaches all subscribers of its channel in order, and nobody else; a failing handler harms nobody', async () => {
      const channel = `c:${randomUUID()}`;
      const [a, b, c, other]: [string[], string[], string[], string[]] = [[], [], [], []];
      await one.subscribe(channel, () => {
        throw new Error('this handler fails');
      });
      const end = await one.subscribe(channel, (m) => void a.push(m));
      await one.subscribe(channel, (m) => void c.push(m));
      await two.subscribe(channel, (m) => void b.push(m));
      await two.subscribe(`${channel}x`, (m) => void other.push(m));
      const sent = Array.from({ length: 50 }, (_, i) => `消息${i}`);
      for (const message of sent) await one.publish(channel, message);
      await waitFor(() => a.length === 50 && b.length === 50 && c.length === 50);
      expect([a, b, c]).toEqual([sent, sent, sent]);
      await end();
      await two.publish(channel, 'last');
      await waitFor(() => b.length === 51 && c.length === 51);
      expect([a.length, other.length]).toEqual([50, 0]);
    });

    test('a snapshot is replaced as a whole, with its checksum, and listed', async () => {
      const name = `scorer/état.1:${randomUUID()}`;
      expect(await one.getSnapshot(name)).toBeUndefined();
      const big = randomBytes(9_000_000);
      expect(await one.putSnapshot(name, big)).toMatchObject({ name, generation: 1, bytes: 9_000_000 });
      expect(Buffer.compare((await two.getSnapshot(name))?.bytes ?? new Uint8Array(), big)).toBe(0);
      for (let generation = 2; generation <= 4; generation++) await two.putSnapshot(name, Buffer.from(`generation ${generation}`));
      const latest = await one.getSnapshot(name);
      expect(Buffer.from(latest?.bytes ?? []).toString()).toBe('generation 4');
      expect(latest).toMatchObject({ isPrevious: false, info: { generation: 4 } });
      expect((await one.listSnapshots()).filter((info) => info.name === name)).toEqual([latest?.info]);
      await one.putSnapshot(name, new Uint8Array());
      expect((await two.getSnapshot(name))?.bytes.length).toBe(0);
      await one.deleteSnapshot(name);
      expect(await two.getSnapshot(name)).toBeUndefined();
      expect((await one.listSnapshots()).filter((info) => info.name === name)).toEqual([]);
    });

    test('after close it refuses', async () => {
      const store = await harness.open();
      await store.close();
      await store.close();
      await expect(store.get('k')).rejects.toMatchObject({ code: 'STORE_CLOSED', handling: 'refuse' });
    });
  });
}

export async function waitFor(condition: () => boolean, withinMs = 15_000): Promise<void> {
  const startedMs = performance.now();
  while (!condition()) {
    if (performance.now() - startedMs > withinMs) throw new Error(`not true within ${withinMs} ms: ${condition.toString()}`);
    await sleep(5);
  }
}
