import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, startEmbeddedPostgres, type EmbeddedPostgres } from '@skyeye/ledger';
import {
  embeddedVault,
  masterKeyFrom,
  setUpVault,
  tokenizer,
  vaultReader,
  vaultWriter,
  type RevealEntry,
  type VaultReader,
  type VaultUrls,
  type VaultWriter,
} from './index.ts';

const master = masterKeyFrom(Buffer.alloc(32, 7));
const tokens = tokenizer(master);
const PHONE = '13800005521';
const IDENTITY = '371523196001011234';
const phone = tokens.token('phone', PHONE);
const person = tokens.token('person', IDENTITY);

let folder = '';
let server: EmbeddedPostgres;
let urls: VaultUrls;
let writer: VaultWriter;
let reader: VaultReader;
const audited: RevealEntry[] = [];
let auditFails = false;
let now = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyeye-vault-'));
  server = await startEmbeddedPostgres({ folder });
  urls = await embeddedVault(server.createDatabase);
  await setUpVault({ ...urls, master });
  writer = vaultWriter({ url: urls.writerUrl, master });
  reader = vaultReader({
    url: urls.readerUrl,
    master,
    wallNowMs: () => now,
    audit: (entry) => {
      if (auditFails) return Promise.reject(new Error('the audit cannot be written'));
      audited.push(entry);
      return Promise.resolve();
    },
  });
  await writer.remember([
    { token: phone, kind: 'phone', clear: `+86${PHONE}` },
    { token: person, kind: 'person', clear: IDENTITY, profile: { name: '王桂兰', address: '莘亭街道3号' } },
  ]);
});
afterAll(async () => {
  try {
    await Promise.all([writer.close(), reader.close()]);
  } finally {
    // Also when the set-up failed half way: no server stays behind.
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test('everybody sees masks, a phone without an owner by its number', async () => {
  const shown = await reader.masked([phone, person, `p:${phone}`, 'n_unknown']);
  expect(shown.get(phone)).toEqual({ masked: '138****5521', maskedName: null });
  expect(shown.get(person)).toEqual({ masked: '3715**********1234', maskedName: '王*兰' });
  expect(shown.get(`p:${phone}`)?.masked).toBe('138****5521');
  expect(shown.has('n_unknown')).toBe(false);
});

test('a token comes back in clear for a purpose, and the audit knows before the reader does', async () => {
  audited.length = 0;
  const revealed = await reader.reveal([phone, person], { by: 'officer-1', purpose: '上门劝阻', incidentId: 'i1' });
  expect(revealed.get(person)).toMatchObject({ clear: IDENTITY, name: '王桂兰', address: '莘亭街道3号' });
  expect(revealed.get(phone)?.clear).toBe(PHONE);
  expect(audited).toEqual([{ by: 'officer-1', purpose: '上门劝阻', incidentId: 'i1', tokens: [phone, person] }]);
});

test('invariant 8: without a purpose, or when the audit cannot be written, nothing is revealed', async () => {
  await expect(reader.reveal([phone], { by: 'officer-1', purpose: '  ' })).rejects.toMatchObject({ code: 'VAULT_PURPOSE_MISSING' });
  auditFails = true;
  await expect(reader.reveal([phone], { by: 'officer-1', purpose: '上门劝阻' })).rejects.toThrow('the audit cannot be written');
  auditFails = false;
});

test('keeping the same again changes nothing, and a new name counts after a minute', async () => {
  const again = vaultWriter({ url: urls.writerUrl, master });
  await again.remember([
    { token: phone, kind: 'phone', clear: PHONE },
    { token: phone, kind: 'phone', clear: PHONE },
  ]);
  for (const profile of [
    { name: '王桂兰', address: '莘亭街道3号' },
    { name: '王桂芝', address: null },
  ])
    await again.remember([{ token: person, kind: 'person', clear: IDENTITY, profile }]);
  await again.close();
  expect((await reader.masked([person])).get(person)?.maskedName).toBe('王*兰');
  now += 61_000;
  expect((await reader.masked([person])).get(person)?.maskedName).toBe('王*芝');
});

test('the writer may not read, the reader may not write', async () => {
  const asWriter = openDatabase({ url: urls.writerUrl });
  const asReader = openDatabase({ url: urls.readerUrl });
  await expect(asWriter.query('select * from identifier')).rejects.toMatchObject({ code: 'LEDGER_ACCESS_REFUSED' });
  await expect(asWriter.query('delete from identifier')).rejects.toMatchObject({ code: 'LEDGER_ACCESS_REFUSED' });
  await expect(
    asReader.query("insert into profile (person, digest, sealed, masked_name) values ('a', 'b', ''::bytea, '')"),
  ).rejects.toMatchObject({ code: 'LEDGER_ACCESS_REFUSED' });
  await Promise.all([asWriter.close(), asReader.close()]);
});

test('invariant 8: nothing of what went in stands in a table', async () => {
  const asReader = openDatabase({ url: urls.readerUrl });
  const rows = await asReader.query('select i::text as text from identifier i union all select p::text from profile p');
  await asReader.close();
  const text =
    JSON.stringify(rows) +
    JSON.stringify(rows.map((row) => Buffer.from(String(row['text']).replaceAll(/[^0-9a-f]/g, ''), 'hex').toString('latin1')));
  for (const clear of [PHONE, IDENTITY, '王桂兰', '莘亭街道']) expect(text).not.toContain(clear);
});

test('a second set-up changes nothing, another master key is noticed', async () => {
  await setUpVault({ ...urls, master });
  await expect(setUpVault({ ...urls, master: masterKeyFrom(Buffer.alloc(32, 8)) })).rejects.toMatchObject({ code: 'VAULT_KEY_MISMATCH' });
});

test('a thousand identifiers at once', async () => {
  const many = Array.from({ length: 1_500 }, (_, index) => `1390000${String(index).padStart(4, '0')}`);
  await writer.remember(many.map((clear) => ({ token: tokens.token('phone', clear), kind: 'phone' as const, clear })));
  expect((await reader.masked(many.map((clear) => tokens.token('phone', clear)))).size).toBe(1_500);
});
