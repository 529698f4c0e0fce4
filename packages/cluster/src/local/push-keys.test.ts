import { expect, test } from 'vitest';
import { composeSecrets } from './compose-secrets.ts';
import { pushKeys } from './push-keys.ts';

test('every key pair for Web Push has its full length, also one that begins with zeros', () => {
  for (let n = 0; n < 2_000; n++) {
    const { publicKey, privateKey } = pushKeys();
    expect(Buffer.from(privateKey, 'base64url')).toHaveLength(32);
    expect(Buffer.from(publicKey, 'base64url')).toHaveLength(65);
  }
});

test('two installations share no secret', () => {
  const values = (text: string) => text.split('\n').flatMap((line) => line.split('=')[1] ?? []);
  const [one, other] = [values(composeSecrets()), new Set(values(composeSecrets()))];
  expect(one.filter((value) => other.has(value))).toEqual([]);
  expect(Math.min(...one.map((value) => value.length))).toBeGreaterThanOrEqual(22);
});
