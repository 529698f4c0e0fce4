import { createHash, randomBytes } from 'node:crypto';
import { role, type Role } from '@skyeye/contracts';
import { z } from 'zod';
import type { Store } from '@skyeye/store';
import type { Account, AccountStore } from './account.ts';

/** Wall time. A session ends this long after its last use, and at the latest that long after it began. */
export const SESSION_IDLE_MS = 8 * 3_600_000;
export const SESSION_ABSOLUTE_MS = 12 * 3_600_000;
/** The time of last use is written at most once in this time. */
const TOUCH_EVERY_MS = 60_000;
/** An account that was disabled, or whose role or unit was changed, works on for so long at the most. Wall time. */
export const ACCOUNT_CHECK_MS = 5_000;
const ACCOUNTS_CHECKED_MAX = 10_000;
const ID = /^[A-Za-z0-9_-]{43}$/;

/** What sessions need of a store: values that end by themselves. */
export type ExpiringKeys = Pick<Store, 'get' | 'set' | 'delete'>;

const stored = z.object({
  account: z.string(),
  name: z.string(),
  role,
  unit: z.string().nullable(),
  unitName: z.string().nullable(),
  beganMs: z.number(),
  usedMs: z.number(),
});

/** Who is signed in. */
export interface Session {
  readonly account: string;
  readonly name: string;
  readonly role: Role;
  readonly unit: string | null;
  readonly unitName: string | null;
  readonly beganMs: number;
}

export interface Sessions {
  /** Begins a session under a new random id of 256 bits, which only the browser keeps. */
  begin(account: Account): Promise<{ id: string; session: Session }>;
  find(id: string): Promise<Session | undefined>;
  end(id: string): Promise<void>;
}

/**
 * Sessions in a store under the SHA-256 of their id: whoever reads the store cannot sign in with what is there. A session
 * lasts only while its account exists, is not disabled, and has the role and unit it had. Cost of a look-up: one of the
 * store, and one of the accounts each {@link ACCOUNT_CHECK_MS}.
 */
export function sessions(keys: ExpiringKeys, wallNowMs: () => number, accounts: Pick<AccountStore, 'find'>): Sessions {
  const checked = new Map<string, { readonly account: Account | undefined; readonly atMs: number }>();
  const accountOf = async (name: string): Promise<Account | undefined> => {
    const known = checked.get(name);
    if (known !== undefined && wallNowMs() - known.atMs < ACCOUNT_CHECK_MS) return known.account;
    const account = await accounts.find(name);
    checked.delete(name);
    checked.set(name, { account, atMs: wallNowMs() });
    if (checked.size > ACCOUNTS_CHECKED_MAX) checked.delete(checked.keys().next().value ?? '');
    return account;
  };
  const isStill = async ({ account, role: then, unit }: Session): Promise<boolean> => {
    const now = await accountOf(account);
    return now !== undefined && !now.disabled && now.role === then && now.unit === unit;
  };
  const keyOf = (id: string): string => `session:${createHash('sha256').update(id).digest('base64url')}`;
  const write = (id: string, session: z.infer<typeof stored>): Promise<boolean> =>
    keys.set(keyOf(id), JSON.stringify(session), {
      ttlMs: Math.max(1, Math.min(SESSION_IDLE_MS, session.beganMs + SESSION_ABSOLUTE_MS - session.usedMs)),
    });

  return {
    async begin({ account, name, role: accountRole, unit, unitName }) {
      const id = randomBytes(32).toString('base64url');
      const now = wallNowMs();
      const session = { account, name, role: accountRole, unit, unitName, beganMs: now };
      await write(id, { ...session, usedMs: now });
      return { id, session };
    },
    async find(id) {
      if (!ID.test(id)) return undefined;
      const text = await keys.get(keyOf(id));
      if (text === undefined) return undefined;
      const { usedMs, ...session } = stored.parse(JSON.parse(text));
      const now = wallNowMs();
      if (now - usedMs >= SESSION_IDLE_MS || now - session.beganMs >= SESSION_ABSOLUTE_MS || !(await isStill(session))) {
        await keys.delete(keyOf(id));
        return undefined;
      }
      if (now - usedMs >= TOUCH_EVERY_MS) await write(id, { ...session, usedMs: now });
      return session;
    },
    async end(id) {
      if (ID.test(id)) await keys.delete(keyOf(id));
    },
  };
}

/** Keys that end by wall time, in memory and bounded: for tests, and for one process that may forget its sessions. */
export function memoryKeys(wallNowMs: () => number, max = 10_000): ExpiringKeys {
  const entries = new Map<string, { value: string; untilMs: number }>();
  const live = (key: string): string | undefined => {
    const entry = entries.get(key);
    return entry !== undefined && entry.untilMs > wallNowMs() ? entry.value : undefined;
  };
  return {
    get: (key) => Promise.resolve(live(key)),
    set(key, value, { ttlMs = Number.POSITIVE_INFINITY, onlyIfAbsent = false } = {}) {
      if (onlyIfAbsent && live(key) !== undefined) return Promise.resolve(false);
      entries.delete(key);
      entries.set(key, { value, untilMs: wallNowMs() + ttlMs });
      const oldest = entries.size > max ? entries.keys().next() : undefined;
      if (oldest?.done === false) entries.delete(oldest.value);
      return Promise.resolve(true);
    },
    delete(key) {
      const had = live(key) !== undefined;
      entries.delete(key);
      return Promise.resolve(had);
    },
  };
}
