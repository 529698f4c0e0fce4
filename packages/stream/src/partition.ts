/** Kafka's murmur2 (seed 0x9747b28c), as a signed 32-bit number. Cost: one pass over the bytes. */
export function murmur2(data: Uint8Array): number {
  const m = 0x5bd1e995;
  let h = 0x9747b28c ^ data.length;
  const words = data.length >> 2;
  for (let i = 0; i < words; i++) {
    const at = i << 2;
    let k = ((data[at] ?? 0) & 0xff) | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16) | ((data[at + 3] ?? 0) << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    k = Math.imul(k, m);
    h = Math.imul(h, m) ^ k;
  }
  const rest = words << 2;
  const left = data.length & 3;
  if (left >= 3) h ^= (data[rest + 2] ?? 0) << 16;
  if (left >= 2) h ^= (data[rest + 1] ?? 0) << 8;
  if (left >= 1) {
    h ^= data[rest] ?? 0;
    h = Math.imul(h, m);
  }
  h ^= h >>> 13;
  h = Math.imul(h, m);
  return h ^ (h >>> 15);
}

const encoder = new TextEncoder();

/** The partition of a key: the same as Kafka's Java client's default, so that producers that are not ours agree. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(encoder.encode(key)) & 0x7fffffff) % partitions;
}
