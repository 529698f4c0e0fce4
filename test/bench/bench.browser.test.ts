import { available } from '@skyeye/testkit';
import { expect, test } from 'vitest';
import { benched } from './testing.ts';

test.skipIf(!(['chromium'] as const).every((name) => available(name).ok))(
  'the benchmark of the console runs with tiny inputs and writes its rows',
  { timeout: 300_000 },
  () => {
    expect(benched(['console'])).toHaveLength(2);
  },
);
