import { defineConfig } from 'vitest/config';

/** Tests that need a server or a browser carry its name in theirs; `pnpm test:unit` leaves them out. */
const needsService = ['**/*.{kafka,redis,postgres,browser,native,cluster}.test.ts'];

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'services/*/src/**/*.test.ts',
      'services/*/web/src/**/*.test.ts',
      'scripts/**/*.test.ts',
      'test/**/*.test.ts',
      'models/bin/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', ...(process.env['SKYEYE_UNIT_ONLY'] === '1' ? needsService : [])],
    // A backstop against hanging, not a measure: the machine may be busy with more than this.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
  },
});
