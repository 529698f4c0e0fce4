import { openDatabase } from '@skyeye/ledger';
import type { IdKind } from '@skyeye/contracts';
import { z } from 'zod';
import { errors } from './errors.ts';
import { Lru } from './lru.ts';
import { sealer } from './sealer.ts';
import type { VaultOpenOptions } from './writer.ts';

/** Masked texts remembered: about 120 bytes each. A new name of a person shows after at most this long (wall time). */
const CACHE_MAX = 50_000;
const CACHE_MS = 60_000;
/** Tokens of one question. */
export const MASKED_MAX = 2_000;
const PURPOSE_MIN = 4;
/** A phone without a registered owner stands for its user as `p:` and the phone's token. */
const OF_PHONE = 'p:';

/** What every role may see of a token. */
export interface Masked {
  readonly masked: string;
  /** Of a person with a known name, 王*兰; else null. */
  readonly maskedName: string | null;
}

/** A token in clear. */
export interface Revealed {
  readonly token: string;
  readonly kind: IdKind;
  readonly clear: string;
  /** Of a person. */
  readonly name: string | null;
  readonly address: string | null;
}

export interface RevealPurpose {
  /** Account of the person who will see it. */
  readonly by: string;
  /** Why, in words, at least four characters. */
  readonly purpose: string;
  /** The case it belongs to. */
  readonly incidentId?: string;
}

/** What the audit learns of a disclosure: never the identifier itself. */
export interface RevealEntry extends RevealPurpose {
  readonly tokens: readonly string[];
}

export interface VaultReader {
  /** Masks of up to MASKED_MAX tokens; tokens that the vault does not have are left out. Cost: one round trip for those not in the cache. */
  masked(tokens: readonly string[]): Promise<ReadonlyMap<string, Masked>>;
  /**
   * Identifiers in clear. The audit entry is written before anything is returned; if it cannot be, nothing is.
   * Tokens that the vault does not have are left out.
   * @throws VAULT_PURPOSE_MISSING
   */
  reveal(tokens: readonly string[], purpose: RevealPurpose): Promise<ReadonlyMap<string, Revealed>>;
  close(): Promise<void>;
}

export interface VaultReaderOptions extends VaultOpenOptions {
  readonly audit: (entry: RevealEntry) => Promise<void>;
  readonly wallNowMs: () => number;
}

const profileContent = z.object({ name: z.string().nullable(), address: z.string().nullable() });
const bare = (token: string): string => (token.startsWith(OF_PHONE) ? token.slice(OF_PHONE.length) : token);

interface Row {
  readonly token: string;
  readonly kind: IdKind | null;
  readonly sealed: Uint8Array | null;
  readonly masked: string | null;
  readonly profile: Uint8Array | null;
  readonly masked_name: string | null;
}

const SELECT = `select asked.token, i.kind, i.masked, i.sealed, p.sealed as profile, p.masked_name from unnest($1::text[]) as asked(token)
  left join identifier i on i.token = asked.token
  left join lateral (select sealed, masked_name from profile where person = asked.token order by seq desc limit 1) p on true
  where i.token is not null or p.masked_name is not null`;

/** The vault for the services that show people. Its role can select and nothing else. */
export function vaultReader({ url, master, audit, wallNowMs }: VaultReaderOptions): VaultReader {
  const database = openDatabase({ url, poolMax: 4, name: 'vault reader' });
  const identifiers = sealer(master, 'identifier');
  const profiles = sealer(master, 'profile');
  const cache = new Lru<string, { readonly shown: Masked; readonly untilMs: number }>(CACHE_MAX);

  return {
    async masked(tokens) {
      if (tokens.length > MASKED_MAX) throw new RangeError(`at most ${MASKED_MAX} tokens at a time`);
      const now = wallNowMs();
      const found = new Map<string, Masked>();
      const missing = new Set<string>();
      for (const token of tokens) {
        const known = cache.get(bare(token));
        if (known !== undefined && known.untilMs > now) found.set(token, known.shown);
        else missing.add(bare(token));
      }
      if (missing.size === 0) return found;
      for (const row of await database.query<Row>(SELECT, [[...missing]])) {
        cache.set(row.token, {
          shown: { masked: row.masked ?? row.masked_name ?? '', maskedName: row.masked_name === '' ? null : row.masked_name },
          untilMs: now + CACHE_MS,
        });
      }
      for (const token of tokens) {
        const known = cache.get(bare(token));
        if (known !== undefined) found.set(token, known.shown);
      }
      return found;
    },
    async reveal(tokens, purpose) {
      if (purpose.purpose.trim().length < PURPOSE_MIN || purpose.by === '') throw errors.purposeMissing();
      if (tokens.length > MASKED_MAX) throw new RangeError(`at most ${MASKED_MAX} tokens at a time`);
      const rows = await database.query<Row>(SELECT, [[...new Set(tokens.map(bare))]]);
      const byToken = new Map(rows.map((row) => [row.token, row]));
      await audit({ ...purpose, tokens: [...new Set(tokens)] });
      const revealed = new Map<string, Revealed>();
      for (const token of tokens) {
        const row = byToken.get(bare(token));
        if (row === undefined) continue;
        const profile =
          row.profile === null
            ? { name: null, address: null }
            : profileContent.parse(JSON.parse(profiles.open(row.profile, row.token).toString()));
        const clear = row.sealed === null ? '' : identifiers.open(row.sealed, row.token).toString();
        revealed.set(token, { token, kind: row.kind ?? 'person', clear, ...profile });
      }
      return revealed;
    },
    close: () => database.close(),
  };
}
