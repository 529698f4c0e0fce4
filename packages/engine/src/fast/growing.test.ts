import { expect, test } from 'vitest';
import { Growing } from './growing.ts';

test('bytes keep what is in them while they grow from a copy to memory that grows in place', () => {
  const growing = new Growing(1024);
  new Uint8Array(growing.buffer).fill(7);
  for (let bytes = 2048; bytes <= 24 * 1_024 * 1_024; bytes = Math.ceil(bytes * 1.7)) {
    const view = new Uint8Array(growing.room(bytes));
    expect(view.length).toBeGreaterThanOrEqual(bytes);
    expect([view[0], view[1023], view[1024], view[bytes - 1]]).toEqual([7, 7, 0, 0]);
  }
  const { buffer } = growing;
  expect(growing.room(10)).toBe(buffer);
});
