import { errors } from './errors.ts';

/** 天眼: the first bytes of every piece. */
const MAGIC = 0x5359_4543;
const VERSION = 1;
const HEADER_BYTES = 28;

/** Where a piece of a checkpoint belongs: the checkpoint's number, and the piece's within it. */
export interface PiecePlace {
  /** From 1, below 2^53; every checkpoint has another. */
  readonly checkpoint: number;
  /** From 0. */
  readonly piece: number;
}

/** Bytes with their place, length and checksum before them. Cost: one pass over the bytes and one copy. */
export function sealPiece(content: Uint8Array, { checkpoint, piece }: PiecePlace): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setUint32(4, VERSION);
  view.setFloat64(8, checkpoint);
  view.setUint32(16, piece);
  view.setUint32(20, content.length);
  bytes.set(content, HEADER_BYTES);
  view.setUint32(24, crcOf(bytes));
  return bytes;
}

/**
 * The first piece in some bytes, and what lies behind it. @throws ENGINE_PIECE_FOREIGN for other bytes or those of another
 * place, ENGINE_FORMAT_UNKNOWN, ENGINE_PIECE_TRUNCATED, ENGINE_PIECE_DAMAGED
 */
export function openPiece(bytes: Uint8Array, place: PiecePlace): { readonly content: Uint8Array; readonly rest: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES) throw errors.pieceTruncated({ ...place, bytes: bytes.length });
  if (view.getUint32(0) !== MAGIC) throw errors.pieceForeign({ ...place });
  if (view.getUint32(4) !== VERSION) throw errors.formatUnknown({ format: view.getUint32(4) });
  const end = HEADER_BYTES + view.getUint32(20);
  if (end > bytes.length) throw errors.pieceTruncated({ ...place, bytes: bytes.length, of: end });
  const whole = bytes.subarray(0, end);
  if (crcOf(whole) !== view.getUint32(24)) throw errors.pieceDamaged({ ...place });
  const found = { checkpoint: view.getFloat64(8), piece: view.getUint32(16) };
  if (found.checkpoint !== place.checkpoint || found.piece !== place.piece)
    throw errors.pieceForeign({ ...place, foundCheckpoint: found.checkpoint, foundPiece: found.piece });
  return { content: whole.subarray(HEADER_BYTES), rest: bytes.subarray(end) };
}

/** CRC-32 (IEEE 802.3) of a piece, its own four bytes left out. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  crc = crcOver(bytes, 0, HEADER_BYTES - 4, crc);
  return (crcOver(bytes, HEADER_BYTES, bytes.length, crc) ^ 0xffff_ffff) >>> 0;
}

function crcOver(bytes: Uint8Array, from: number, to: number, start: number): number {
  let crc = start;
  for (let at = from; at < to; at++) crc = (CRC_TABLE[(crc ^ (bytes[at] as number)) & 0xff] as number) ^ (crc >>> 8);
  return crc;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  return crc;
});
