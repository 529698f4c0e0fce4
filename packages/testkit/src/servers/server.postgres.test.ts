import { expect, test } from 'vitest';
import { listens } from './process.ts';
import { available, startPostgres } from './index.ts';

const here = available('postgres');

test.skipIf(!here.ok)('postgres starts, survives a kill, and stops without leaving anything', async () => {
  const server = await startPostgres();
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
