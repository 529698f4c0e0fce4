import { expect, test } from 'vitest';
import { listens } from './process.ts';
import { available, startRedis } from './index.ts';

const here = available('redis');

test.skipIf(!here.ok)('redis starts, survives a kill, and stops without leaving anything', async () => {
  const server = await startRedis();
  const port = Number(new URL(server.url).port);
  try {
    await server.kill();
    // A container is started again by its engine at once.
    if (!here.reason.startsWith('container')) expect(await listens(port)).toBe(false);
    await server.restart();
    expect(await listens(port)).toBe(true);
  } finally {
    await server.stop();
  }
  expect(await listens(port)).toBe(false);
});
