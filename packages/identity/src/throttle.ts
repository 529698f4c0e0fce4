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
  /** Milliseconds to wait before the next attempt, 0 when it may be made now; then `outcome` must follow. */
  attempt(account: string, address: string): number;
  /** `busy`: the password was not looked at. */
  outcome(account: string, address: string, outcome: 'right' | 'wrong' | 'busy'): void;
}

/**
 * Slows guessing per account and per address, in the memory of one process, for wall time. For an account an attempt
 * counts before the password is verified, so attempts sent at once count each; for an address only what turned out wrong
 * counts, because a whole bureau may come from one. Bounded: the entries longest unused are forgotten.
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
  const accountKey = (account: string): string => keyOf('account', account);
  const addressKey = (address: string): string => keyOf('address', address);
  const count = (entry: Entry, free: number, maxMs: number): void => {
    const now = wallNowMs();
    entry.failures++;
    entry.lastMs = now;
    if (entry.failures >= free) entry.untilMs = now + Math.min(maxMs, FIRST_DELAY_MS * 2 ** Math.min(20, entry.failures - free));
  };
  const uncount = (entry: Entry, free: number): void => {
    entry.failures = Math.max(0, entry.failures - 1);
    if (entry.failures < free) entry.untilMs = 0;
  };

  return {
    attempt(account, address) {
      const now = wallNowMs();
      const byAccount = entryOf(accountKey(account));
      const wait = Math.max(0, byAccount.untilMs - now, entryOf(addressKey(address)).untilMs - now);
      if (wait === 0) count(byAccount, FREE_PER_ACCOUNT, DELAY_MAX_PER_ACCOUNT_MS);
      return wait;
    },
    outcome(account, address, outcome) {
      switch (outcome) {
        case 'wrong':
          count(entryOf(addressKey(address)), FREE_PER_ADDRESS, DELAY_MAX_PER_ADDRESS_MS);
          return;
        case 'busy':
          uncount(entryOf(accountKey(account)), FREE_PER_ACCOUNT);
          return;
        case 'right':
          entries.delete(accountKey(account));
          // One success does not clear an address: an attacker has an account of his own.
          uncount(entryOf(addressKey(address)), FREE_PER_ADDRESS);
      }
    },
  };
}
