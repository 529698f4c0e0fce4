/** A complete checkpoint and those that add to it, in order: their numbers, and of how many files and pieces each is. */
export type Chain = readonly { readonly number: number; readonly files: number; readonly pieces: number }[];

/** Number of the piece that is a manifest; parts count from 0. */
export const MANIFEST = 0xffff_ffff;

export const manifestName = (number: number): string => `scorer-manifest-${number}`;
export const fileName = (number: number, file: number): string => `scorer-parts-${number}-${file}`;

/** Snapshots that a chain and its manifest consist of. */
export const namesIn = (chain: Chain): string[] => [
  manifestName(chain.at(-1)?.number ?? 0),
  ...chain.flatMap(({ number, files }) => Array.from({ length: files }, (_, file) => fileName(number, file))),
];

/** Of the names in a store: those of checkpoints, former formats included, the numbers in use, and those with a manifest, newest first. */
export function chainsOf(names: readonly string[]): {
  readonly all: readonly string[];
  readonly numbers: readonly number[];
  readonly manifests: readonly number[];
} {
  const all = names.filter((name) => /^scorer-(manifest-\d+|parts-\d+-\d+|\d-manifest|\d-part-\d+)$/.test(name));
  const numberIn = (pattern: RegExp): number[] => all.flatMap((name) => (pattern.test(name) ? [Number(pattern.exec(name)?.[1])] : []));
  return {
    all,
    numbers: numberIn(/^scorer-(?:manifest|parts)-(\d+)/),
    manifests: numberIn(/^scorer-manifest-(\d+)$/).sort((a, b) => b - a),
  };
}
