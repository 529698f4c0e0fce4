import { expect, test } from 'vitest';
import { listens } from './process.ts';
import { available, freePort } from './index.ts';

test('what is missing is named with the package that brings it', () => {
  const path = process.env['PATH'];
  try {
    process.env['PATH'] = '';
    expect(available('redis')).toEqual({ ok: false, reason: 'redis-server is missing: apt-get install redis-server' });
    expect(available('kafka').reason).toContain('apt-get install openjdk-17-jre-headless');
  } finally {
    process.env['PATH'] = path;
  }
});

test('a free port is one that nobody listens on, and not a low one', async () => {
  const port = await freePort();
  expect(port).toBeGreaterThanOrEqual(20_000);
  expect(await listens(port)).toBe(false);
});
