/** How many random cases, shuffles and sampled entities; a seed. By environment: SKYEYE_CASES, SKYEYE_SEED. */
const IN_CI = (process.env['CI'] ?? '') !== '' && process.env['CI'] !== 'false';

function whole(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name}=${text}: a whole number is needed`);
  return value;
}

export interface Settings {
  readonly cases: number;
  readonly seed: number;
  /** Random orders of each golden set. */
  readonly shuffles: number;
  /** Entities of the simulated day that are compared with the definition. */
  readonly entities: number;
  readonly residents: number;
  /** Planted faults that are tried. */
  readonly faults: number;
}

/** What a test run does: little at home, more in CI. `pnpm proof` does everything. */
export const TEST_SETTINGS: Settings = {
  cases: whole('SKYEYE_CASES', IN_CI ? 2000 : 200),
  // A new seed every day, so that CI goes on looking; it is in the name of the test.
  seed: whole('SKYEYE_SEED', IN_CI ? Math.floor(Date.now() / 86_400_000) : 4711),
  shuffles: IN_CI ? 5 : 2,
  entities: IN_CI ? 200 : 40,
  residents: IN_CI ? 1000 : 150,
  faults: IN_CI ? 8 : 3,
};

export const RELEASE_SETTINGS: Settings = { cases: 100_000, seed: 4711, shuffles: 100, entities: 1000, residents: 2000, faults: Infinity };
