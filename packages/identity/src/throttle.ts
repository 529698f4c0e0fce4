import { createHash } from 'node:crypto';

/** Failures that cost nothing: people mistype. After them every failure doubles the delay. */
const FREE_PER_ACCOUNT = 5;
const FREE_PER_ADDRESS = 20;
const FIRST_DELAY_MS = 2_000;
/** An account cannot be locked out for longer by someone who guesses at it. */
const DELAY_MAX_PER_ACCOUNT_MS = 60_000;
const DELAY_MAX_PER_ADDRESS_MS = 900_000;
const FORGET_AFTER_MS = 3_600_000;
const KEYS_MAX = 20_000;

interface Entry {
  failures: number;
  untilMs: number;
  lastMs: number;
}

export interface SignInThrottle {
  /** Milliseconds to wait before the next attempt, 0 when it may be made now; then it counts as failed until it succeeds. */
  attempt(account: string, address: string): number;
  succeeded(account: string, address: string): void;
}

/**
 * Slows guessing per account and per address, in the memory of one process, for wall time. An attempt is counted before
 * the password is verified, so attempts sent at once are counted each. Bounded: the entries longest unused are forgotten.
 */
export function signInThrottle(wallNowMs: () => number): SignInThrottle {
  const entries = new Map<string, Entry>();
  const keyOf = (kind: string, text: string): string => createHash('sha256').update(`${kind}:${text}`).digest('base64url');

  const entryOf = (key: string): Entry => {
    const now = wallNowMs();
    const known = entries.get(key);
    const entry = known !== undefined && now - known.lastMs < FORGET_AFTER_MS ? known : { failures: 0, untilMs: 0, lastMs: now };
    entries.delete(key);
    entries.set(key, entry);
    const oldest = entries.size > KEYS_MAX ? entries.keys().next() : undefined;
    if (oldest?.done === false) entries.delete(oldest.value);
    return entry;
  };
  const limits = (account: string, address: string): readonly { key: string; free: number; maxMs: number }[] => [
    { key: keyOf('account', account), free: FREE_PER_ACCOUNT, maxMs: DELAY_MAX_PER_ACCOUNT_MS },
    { key: keyOf('address', address), free: FREE_PER_ADDRESS, maxMs: DELAY_MAX_PER_ADDRESS_MS },
  ];

  return {
    attempt(account, address) {
      const now = wallNowMs();
      const checked = limits(account, address).map((limit) => ({ ...limit, entry: entryOf(limit.key) }));
      const wait = Math.max(0, ...checked.map(({ entry }) => entry.untilMs - now));
      if (wait > 0) return wait;
      for (const { entry, free, maxMs } of checked) {
        entry.failures++;
        entry.lastMs = now;
        if (entry.failures >= free) entry.untilMs = now + Math.min(maxMs, FIRST_DELAY_MS * 2 ** Math.min(20, entry.failures - free));
      }
      return 0;
    },
    succeeded(account, address) {
      entries.delete(keyOf('account', account));
      // One success does not clear an address: an attacker has an account of his own.
      const entry = entries.get(keyOf('address', address));
      if (entry !== undefined && entry.failures > 0) {
        entry.failures--;
        if (entry.failures < FREE_PER_ADDRESS) entry.untilMs = 0;
      }
    },
  };
}
