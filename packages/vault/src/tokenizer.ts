import { createHmac, type KeyObject } from 'node:crypto';
import { ID_KINDS, type IdKind } from '@skyeye/contracts';
import { deriveKey, type MasterKey } from './keys.ts';
import { Lru } from './lru.ts';
import { normalise } from './normalise.ts';

/** Letters of a token after its prefix: five 32-bit words of the digest give six letters each, more than 140 bits. */
export const TOKEN_LETTERS = 30;
/** Identifiers remembered with their token. One costs about 250 bytes: 100 MB when full, in a county of 100,000. */
const CACHE_MAX = 400_000;
const LETTERS_PER_WORD = 6;
const DIAL_RANGE = 100_000_000_000;
const DAY_MS = 86_400_000;
const COUNTY_OFFSET_MS = 8 * 3_600_000;

export interface Tokenizer {
  /**
   * `<prefix>_<30 letters a-z>` for a personal kind, e.g. `n_qhz…` for a phone; other kinds come back normalised and in
   * clear. Deterministic: a function of key, kind and normalised identifier. Cost: 4 µs, a quarter of it when cached.
   */
  token(kind: IdKind, clear: string): string;
  /**
   * The callee's number, shifted by a secret amount of this caller and local day, in 0..10^11-1. Differences between
   * numbers that one caller dials in a day stay visible (sequential dialling), the numbers do not. Null when the callee
   * is not 5 to 15 digits.
   */
  dial(caller: string, callee: string, atMs: number): number | null;
}

/** The tokens of one key. Two processes with the same key give the same tokens. */
export function tokenizer(master: MasterKey, cacheMax = CACHE_MAX): Tokenizer {
  const keys = new Map<IdKind, KeyObject>();
  for (const [kind, { personal }] of Object.entries(ID_KINDS) as [IdKind, { personal: boolean }][]) {
    if (personal) keys.set(kind, deriveKey(master, `token ${kind}`));
  }
  const dialKey = deriveKey(master, 'dial');
  const tokens = new Lru<string, string>(cacheMax);
  const offsets = new Lru<string, number>(cacheMax);

  return {
    token(kind, clear) {
      const key = keys.get(kind);
      if (key === undefined) return normalise(kind, clear);
      const cacheKey = `${kind} ${clear}`;
      const known = tokens.get(cacheKey);
      if (known !== undefined) return known;
      const token = `${ID_KINDS[kind].prefix}_${letters(createHmac('sm3', key).update(normalise(kind, clear)).digest())}`;
      tokens.set(cacheKey, token);
      return token;
    },
    dial(caller, callee, atMs) {
      const digits = normalise('phone', callee).replace(/^\+/, '');
      if (!/^\d{5,15}$/.test(digits)) return null;
      const day = Math.floor((atMs + COUNTY_OFFSET_MS) / DAY_MS);
      const cacheKey = `${normalise('phone', caller)} ${day}`;
      let offset = offsets.get(cacheKey);
      if (offset === undefined) {
        offset = createHmac('sm3', dialKey).update(cacheKey).digest().readUIntBE(0, 6) % DIAL_RANGE;
        offsets.set(cacheKey, offset);
      }
      return (Number(digits.slice(-11)) + offset) % DIAL_RANGE;
    },
  };
}

const TOKEN = /^([a-z])_[a-z]{30}$/;
const KIND_OF_PREFIX = new Map<string, IdKind>(
  (Object.entries(ID_KINDS) as [IdKind, { personal: boolean; prefix: string }][])
    .filter(([, kind]) => kind.personal)
    .map(([kind, { prefix }]) => [prefix, kind]),
);

/** The kind that a token names, or undefined for anything that is not a token. */
export function kindOfToken(token: string): IdKind | undefined {
  return KIND_OF_PREFIX.get(TOKEN.exec(token)?.[1] ?? '');
}

function letters(digest: Buffer): string {
  let out = '';
  for (let word = 0; word * LETTERS_PER_WORD < TOKEN_LETTERS; word++) {
    let rest = digest.readUInt32BE(word * 4);
    for (let letter = 0; letter < LETTERS_PER_WORD; letter++) {
      out += String.fromCharCode(97 + (rest % 26));
      rest = Math.floor(rest / 26);
    }
  }
  return out;
}
