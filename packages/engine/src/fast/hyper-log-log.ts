const BITS = 10;
const SIZE = 1 << BITS;
const ALPHA = 0.7213 / (1 + 1.079 / SIZE);

/** Standard error of an estimate, as a share of it: 1.04 / √1,024. Two thirds of the estimates are nearer, all but 1 in 400 within three of them. */
export const DISTINCT_ERROR = 1.04 / Math.sqrt(SIZE);

/**
 * How many different values were added, estimated from 1,024 registers of one byte (Flajolet et al., 2007; small counts
 * by the empty registers). Unions are exact: the union's estimate is the one of adding everything to one.
 */
export class HyperLogLog {
  readonly registers: Uint8Array;

  constructor(registers: Uint8Array = new Uint8Array(SIZE)) {
    this.registers = registers;
  }

  /** @param hash 32 bits, as the functions below make them */
  add(hash: number): void {
    const index = hash & (SIZE - 1);
    const rank = Math.clz32((hash >>> BITS) << BITS) + 1;
    // Nothing left of the hash: the rank of its last bit.
    const capped = rank > 32 - BITS ? 33 - BITS : rank;
    if (capped > (this.registers[index] as number)) this.registers[index] = capped;
  }

  merge({ registers }: HyperLogLog): void {
    for (let index = 0; index < SIZE; index++)
      if ((registers[index] as number) > (this.registers[index] as number)) this.registers[index] = registers[index] as number;
  }

  get estimate(): number {
    let [sum, empty] = [0, 0];
    for (let index = 0; index < SIZE; index++) {
      const rank = this.registers[index] as number;
      sum += 2 ** -rank;
      if (rank === 0) empty += 1;
    }
    const raw = (ALPHA * SIZE * SIZE) / sum;
    return Math.round(raw <= 2.5 * SIZE && empty > 0 ? SIZE * Math.log(SIZE / empty) : raw);
  }
}

/** The same text has the same hash in every engine: sketches move between them. */
export function hashOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return spread(hash ^ text.length);
}

const words = new Uint32Array(2);
const number = new Float64Array(words.buffer);

export function hashOfNumber(value: number): number {
  number[0] = value === 0 ? 0 : value;
  return spread(Math.imul(words[0] as number, 0x9e3779b1) ^ spread(words[1] as number));
}

function spread(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
