import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPiece, sealPiece } from './index.ts';

const place = { checkpoint: 7, piece: 3 };
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test('pieces in a row come out as they went in', () => {
  const bytes = new Uint8Array([
    ...sealPiece(new TextEncoder().encode('one'), place),
    ...sealPiece(new TextEncoder().encode('two'), { ...place, piece: 4 }),
  ]);
  const first = openPiece(bytes, place);
  const second = openPiece(first.rest, { ...place, piece: 4 });
  expect([text(first.content), text(second.content), second.rest.length]).toEqual(['one', 'two', 0]);
});

test('a piece with any bit flipped, or cut anywhere, is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.nat(), fc.nat(), (content, bit, cut) => {
      const sealed = sealPiece(content, place);
      const flipped = sealed.slice();
      const at = bit % (sealed.length * 8);
      flipped[at >> 3] = (flipped[at >> 3] as number) ^ (1 << (at & 7));
      expect(() => openPiece(flipped, place)).toThrow(/checksum|shorter than it says|of none|format/);
      expect(() => openPiece(sealed.subarray(0, cut % sealed.length), place)).toThrow('shorter than it says');
    }),
    { numRuns: 200, seed: 3 },
  );
});

test('a piece of another checkpoint, another place or another program is refused', () => {
  const sealed = sealPiece(new Uint8Array(9), place);
  expect(() => openPiece(sealed, { ...place, checkpoint: 6 })).toThrow('of another checkpoint, or of none');
  expect(() => openPiece(sealed, { ...place, piece: 2 })).toThrow('of another checkpoint, or of none');
  expect(() => openPiece(new Uint8Array(40), place)).toThrow('of another checkpoint, or of none');
});
