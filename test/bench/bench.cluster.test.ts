import { available } from '@skyeye/testkit';
import { expect, test } from 'vitest';
import { benched } from './testing.ts';

test.skipIf(!(['kafka', 'redis', 'postgres'] as const).every((name) => available(name).ok))(
  'the benchmark of the cluster runs with tiny inputs and writes its rows',
  { timeout: 300_000 },
  () => {
    // Few records bring forth few alerts or none, and then there is no latency to tell.
    expect(benched(['cluster']).length).toBeGreaterThanOrEqual(1);
  },
);
