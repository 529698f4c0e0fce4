import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLooker } from './looker.ts';

test('looks come one after the other, a failure is told once for each time it begins, and after a stop there is none', async () => {
  const seen: string[] = [];
  const answers = ['fails', 'fails', 'well', 'fails'];
  let running = 0;
  const looker = createLooker({
    everyMs: 1,
    async look() {
      expect(++running).toBe(1);
      await sleep(1);
      running--;
      const answer = answers.shift() ?? 'well';
      seen.push(answer);
      if (answer === 'fails') throw new Error('away');
    },
    onFailed: () => seen.push('told'),
  });
  await Promise.all([looker.look(), looker.look(), looker.look(), looker.look()]);
  expect(seen).toEqual(['fails', 'told', 'fails', 'well', 'fails', 'told']);
  looker.start();
  await expect.poll(() => seen.length).toBeGreaterThan(7);
  await looker.stop();
  const count = seen.length;
  await sleep(20);
  expect(seen.length).toBe(count);
});
