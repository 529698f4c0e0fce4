import { SCAMS, type Scam } from '@skyeye/contracts';

/** Below this share the model's second head names no type. */
const SHARE_MIN = 0.5;

/** Rows of the model's second head, one after the other, and the types they are over → a type per row, or null. */
export function namedScams(shares: Float32Array, names: readonly string[]): (Scam | null)[] {
  if (names.length === 0) return [];
  return Array.from({ length: shares.length / names.length }, (_, row) => {
    const own = shares.subarray(row * names.length, (row + 1) * names.length);
    const best = own.reduce((at, share, index) => (share > (own[at] ?? 0) ? index : at), 0);
    const name = names[best];
    return (own[best] ?? 0) >= SHARE_MIN && isScam(name) ? name : null;
  });
}

function isScam(name: string | undefined): name is Scam {
  return name !== undefined && Object.hasOwn(SCAMS, name);
}
