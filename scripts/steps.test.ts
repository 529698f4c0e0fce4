import { expect, test } from 'vitest';
import { runSteps } from './steps.ts';

test('a failing step and one that cannot be started are failures, and say why', async () => {
  const printed: string[] = [];
  const results = await runSteps(
    [
      { name: 'good', command: ['node', '-e', ''] },
      { name: 'bad', command: ['node', '-e', 'console.error("line 7 is wrong"); process.exit(3)'] },
      { name: 'missing', command: ['no-such-program-at-all'] },
    ],
    (text) => printed.push(text),
  );
  expect(results.map(({ name, passed }) => [name, passed])).toEqual([
    ['good', true],
    ['bad', false],
    ['missing', false],
  ]);
  expect(printed.join('\n')).toContain('line 7 is wrong');
  expect(printed.join('\n')).toContain('no-such-program-at-all');
});
