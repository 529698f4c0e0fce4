import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadOrCreateMasterKey, maskIdentifier, maskName, masterKeyFrom, quarantineSealer, sealer } from './index.ts';

const key = masterKeyFrom(Buffer.alloc(32, 7));
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyeye-vault-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('what is sealed opens at its own place only', () => {
  const sealed = sealer(key, 'x').seal(Buffer.from('13800005521'), 'row 1');
  expect(sealed.toString('latin1')).not.toContain('13800005521');
  expect(sealer(key, 'x').open(sealed, 'row 1').toString()).toBe('13800005521');
  for (const wrong of [
    () => sealer(key, 'x').open(sealed, 'row 2'),
    () => sealer(key, 'y').open(sealed, 'row 1'),
    () => sealer(masterKeyFrom(Buffer.alloc(32, 9)), 'x').open(sealed, 'row 1'),
  ]) {
    expect(wrong).toThrow('a sealed value was changed');
  }
});

test('changing any byte of a sealed value is noticed', () => {
  const seal = sealer(key, 'x');
  const sealed = seal.seal(Buffer.from('王桂兰'), 'row 1');
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => seal.open(changed, 'row 1')).toThrow();
  }
  expect(() => seal.open(sealed.subarray(0, 20), 'row 1')).toThrow();
});

test('two sealings of one value differ', () => {
  const seal = sealer(key, 'x');
  expect(seal.seal(Buffer.from('a'), '1').equals(seal.seal(Buffer.from('a'), '1'))).toBe(false);
});

test('quarantined bytes come back as they were, invalid UTF-8 too', () => {
  const bytes = Buffer.of(0xff, 0x00, 0xfe, 0x7b);
  const quarantine = quarantineSealer(key);
  expect(quarantine.open(quarantine.seal(bytes, 'q1'), 'q1').equals(bytes)).toBe(true);
  expect(() => quarantine.open(quarantine.seal(bytes, 'q1'), 'q2')).toThrow();
});

test('the master key is made once, for its owner alone, and read again', async () => {
  const first = await loadOrCreateMasterKey(folder);
  expect((await stat(join(folder, 'vault.key'))).mode & 0o777).toBe(0o600);
  expect((await loadOrCreateMasterKey(folder)).equals(first)).toBe(true);
  await chmod(join(folder, 'vault.key'), 0o644);
  await expect(loadOrCreateMasterKey(folder)).rejects.toMatchObject({ code: 'VAULT_KEY_FILE_OPEN' });
  await chmod(join(folder, 'vault.key'), 0o600);
  await writeFile(join(folder, 'vault.key'), 'half');
  await expect(loadOrCreateMasterKey(folder)).rejects.toMatchObject({ code: 'VAULT_KEY_FILE_BROKEN' });
});

test.each([
  ['phone', '13800005521', '138****5521'],
  ['phone', '06358812345', '063****2345'],
  ['phone', '96110', '96110'],
  ['acct', '6217000011110093', '6217****0093'],
  ['person', '371523196001011234', '3715**********1234'],
  ['acct', '123', '1***'],
] as const)('a %s is masked', (kind, clear, masked) => {
  expect(maskIdentifier(kind, clear)).toBe(masked);
});

test.each([
  ['王桂兰', '王*兰'],
  ['张伟', '张*'],
  ['欧阳娜娜', '欧**娜'],
  ['李', '*'],
  ['', ''],
])('the name %s is masked', (name, masked) => {
  expect(maskName(name)).toBe(masked);
});
