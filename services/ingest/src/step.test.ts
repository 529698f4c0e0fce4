import { referenceRecord } from '@skyeye/contracts';
import type { Batch, OutgoingMessage } from '@skyeye/stream';
import { beforeEach, expect, test } from 'vitest';
import type { PartitionAccounts } from './accounts.ts';
import { takeBatch, type StepPorts } from './step.ts';
import type { Sighting } from './tokenise.ts';

const T = 1_789_374_840_000;
const cdr = {
  id: 'c1',
  t: T,
  caller: '13900000001',
  callee: '13800000002',
  answered: true,
  dur_s: 60,
  caller_kind: 'mobile',
  callee_kind: 'mobile',
};

let sent: { topic: string; message: OutgoingMessage }[];
let vault: Sighting[];
let ids: Map<string, string>;

const ports: StepPorts = {
  tokens: {
    token: (kind, clear) => `${kind}_${clear.replaceAll(/./g, (letter) => String.fromCharCode(97 + (letter.charCodeAt(0) % 26)))}`,
    dial: () => 7,
  },
  vault: { remember: (sightings) => Promise.resolve(void vault.push(...sightings)) },
  seal: (bytes, id) => `sealed ${bytes.length} ${id}`,
  seen: {
    claim: (entries) =>
      Promise.resolve(
        entries.map(({ key, value }) => {
          if (!ids.has(key)) ids.set(key, value);
          return ids.get(key) ?? '';
        }),
      ),
  },
  producer: {
    send: (topic, messages) => Promise.resolve(void sent.push(...messages.map((message) => ({ topic, message })))),
    close: () => Promise.resolve(),
  },
  countyNowMs: () => T + 5000,
  wallNowMs: () => 1000,
};

function batchOf(topic: string, values: readonly (string | Uint8Array)[], from = 0): Batch {
  return {
    topic,
    partition: 0,
    messages: values.map((value, index) => ({
      offset: from + index,
      key: 'k',
      value: typeof value === 'string' ? new TextEncoder().encode(value) : value,
      headers: {},
      timestampMs: 0,
    })),
  };
}

const take = (values: readonly (string | Uint8Array)[], from = 0, before?: PartitionAccounts) =>
  takeBatch(batchOf('raw.call', values, from), before, ports);

beforeEach(() => {
  sent = [];
  vault = [];
  ids = new Map();
});

test('invariant 1: every record is normalised, a duplicate or in quarantine, and the counts add up', async () => {
  const { accounts } = await take([
    JSON.stringify(cdr),
    JSON.stringify(cdr),
    '{',
    JSON.stringify({ ...cdr, dur_s: 61 }),
    JSON.stringify({ ...cdr, id: 'c2' }),
  ]);
  expect(accounts).toMatchObject({ accepted: 5, normalised: 2, duplicate: 1, quarantined: 2, produced: 4, nextOffset: 5 });
  expect(sent.filter(({ topic }) => topic === 'events')).toHaveLength(4);
});

test('invariant 1: a batch that is delivered again after a crash is the same batch, not duplicates of itself', async () => {
  const values = [JSON.stringify(cdr), JSON.stringify({ ...cdr, id: 'c2' })];
  const first = await take(values);
  const before = [...sent];
  sent = [];
  const again = await take(values);
  expect(again.accounts).toEqual(first.accounts);
  expect(sent.map(({ message }) => message.value)).toEqual(before.map(({ message }) => message.value));
});

test('what was accounted for is not taken again', async () => {
  const values = [JSON.stringify(cdr), JSON.stringify({ ...cdr, id: 'c2' })];
  const first = await take(values);
  sent = [];
  const rest = await take([...values, JSON.stringify({ ...cdr, id: 'c3' })], 0, first.accounts);
  expect(rest.accounts).toMatchObject({ accepted: 3, normalised: 3, nextOffset: 3 });
  expect(sent).toHaveLength(2);
});

test('invariant 8: nothing that went in clear comes out in clear, the vault aside', async () => {
  await take([JSON.stringify(cdr), JSON.stringify({ ...cdr, id: 'c9', surprise: '13900000001' })]);
  expect(sent.map(({ topic }) => topic)).toEqual(['quarantine', 'events', 'events']);
  expect(JSON.stringify(sent)).not.toMatch(/1390000|1380000/);
  expect(vault.map(({ clear }) => clear)).toContain('13900000001');
});

/** Every border of ingest, with its outcome. */
const deep = `{"id":"x","t":${T},"a":${'['.repeat(2000)}${']'.repeat(2000)}}`;
test.each<[says: string, value: string | Uint8Array, code: string]>([
  ['not JSON', 'hello', 'INGEST_NOT_JSON'],
  ['half of a record', JSON.stringify(cdr).slice(0, 40), 'INGEST_NOT_JSON'],
  ['a list', '[]', 'INGEST_NOT_JSON'],
  ['null', 'null', 'INGEST_NOT_JSON'],
  ['nothing', '', 'INGEST_NOT_JSON'],
  ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'INGEST_NOT_UTF8'],
  ['a wrong type', JSON.stringify({ ...cdr, dur_s: '60' }), 'INGEST_CONTRACT'],
  ['an unknown enum', JSON.stringify({ ...cdr, caller_kind: 'pigeon' }), 'INGEST_CONTRACT'],
  ['a missing id', JSON.stringify({ ...cdr, id: undefined }), 'INGEST_CONTRACT'],
  ['NaN', JSON.stringify(cdr).replace('"dur_s":60', '"dur_s":NaN'), 'INGEST_NOT_JSON'],
  ['a number beyond all', JSON.stringify(cdr).replace('"dur_s":60', '"dur_s":1e309'), 'INGEST_CONTRACT'],
  ['a negative duration', JSON.stringify({ ...cdr, dur_s: -1 }), 'INGEST_CONTRACT'],
  ['the year 1970', JSON.stringify({ ...cdr, t: 1000 }), 'INGEST_CONTRACT'],
  ['the year 2100', JSON.stringify({ ...cdr, t: 4_102_444_800_001 }), 'INGEST_CONTRACT'],
  ['ten megabytes', JSON.stringify({ ...cdr, caller_cell: 'x'.repeat(10_000_000) }), 'INGEST_CONTRACT'],
  ['deep nesting', deep, 'INGEST_TOO_DEEP'],
  ['__proto__ in disguise', `{"\\u005f_proto__":{"admin":true},${JSON.stringify(cdr).slice(1)}`, 'INGEST_FORBIDDEN_KEY'],
  ['two objects', `${JSON.stringify(cdr)}\n${JSON.stringify(cdr)}`, 'INGEST_NOT_JSON'],
  ['an unknown field', JSON.stringify({ ...cdr, surprise: 1 }), 'INGEST_CONTRACT'],
  ['a field for the tokenising border', JSON.stringify({ ...cdr, dial: 13_900_000_001 }), 'INGEST_CONTRACT'],
  ['a control character in an id', JSON.stringify({ ...cdr, id: 'c\u0000' }), 'INGEST_CONTRACT'],
  ['an id without end', JSON.stringify({ ...cdr, id: 'c'.repeat(97) }), 'INGEST_CONTRACT'],
  ['__proto__', `{"__proto__":{"admin":true},${JSON.stringify(cdr).slice(1)}`, 'INGEST_FORBIDDEN_KEY'],
])('%s goes to quarantine with its reason, position and bytes', async (_says, value, code) => {
  const { accounts, refused } = await take([value], 41);
  expect(refused).toEqual([code]);
  expect(accounts).toMatchObject({ accepted: 1, quarantined: 1, normalised: 0, nextOffset: 42 });
  const record = JSON.parse(String(sent[0]?.message.value)) as Record<string, unknown>;
  expect(record).toMatchObject({ id: 'raw.call:0:41', topic: 'raw.call', partition: 0, offset: '41', code });
  expect(record['sealed']).toMatch(/^sealed \d+ raw\.call:0:41$/);
  expect(String(sent[0]?.message.value).length).toBeLessThan(1_000_000);
});

test('a negative amount is refused, an unknown stream too', async () => {
  const transfer = { id: 'b1', t: T, acct: '6217000000000001', ev: 'transfer', dir: 'out', peer: '6222000000000002', amt: -5, st: 'ok' };
  expect((await takeBatch(batchOf('raw.bank', [JSON.stringify(transfer)]), undefined, ports)).refused).toEqual(['INGEST_CONTRACT']);
  expect((await takeBatch(batchOf('raw.pigeon', [JSON.stringify(transfer)]), undefined, ports)).refused).toEqual(['INGEST_UNKNOWN_TOPIC']);
});

test('the same id with another body is refused, whoever sends it', async () => {
  await take([JSON.stringify(cdr)]);
  expect((await take([JSON.stringify({ ...cdr, dur_s: 61 })], 1)).refused).toEqual(['INGEST_ID_CONFLICT']);
});

test('invariant 8: a reason names no key that the provider chose', async () => {
  const value = JSON.stringify({ id: 'h1', kind: 'history', stream: 'call', record: { ...cdr, 13900000001: { deep: true } } });
  const { refused } = await takeBatch(
    batchOf('raw.reference', [value, JSON.stringify({ id: 'r1', kind: 'phone', phone: '13900000001', 13900000002: 1 })]),
    undefined,
    ports,
  );
  expect(refused).toEqual(['INGEST_CONTRACT', 'INGEST_CONTRACT']);
  expect(JSON.stringify(sent)).not.toMatch(/1390000/);
});

test('history in reference data becomes events that are folded and not evaluated', async () => {
  const value = JSON.stringify({ id: 'h1', kind: 'history', stream: 'call', record: cdr });
  const { accounts } = await takeBatch(batchOf('raw.reference', [value]), undefined, ports);
  expect(accounts).toMatchObject({ normalised: 1, produced: 2 });
  expect(sent.map(({ topic, message }) => [topic, (JSON.parse(String(message.value)) as { kind: string }).kind])).toEqual([
    ['reference', 'history'],
    ['reference', 'history'],
  ]);
});

test('what becomes of reference data is what the topic promises: tokens, no name, no address', async () => {
  const records = [
    { id: 'r1', kind: 'person', person: '110101199001010011', name: '王小明', address: '某路1号' },
    { id: 'r2', kind: 'phone', phone: '13900000001', person: '110101199001010011' },
    { id: 'ra6217000000000001', kind: 'acct', acct: '6217000000000001', person: '110101199001010011' },
    { id: 'rc0.13900000001', kind: 'contact', phone: '13900000001', peer: '13800000002', lastMs: T },
    { id: 'rh13900000001', kind: 'history', stream: 'call', record: cdr },
  ];
  await takeBatch(
    batchOf(
      'raw.reference',
      records.map((record) => JSON.stringify(record)),
    ),
    undefined,
    ports,
  );
  expect(sent).toHaveLength(6);
  for (const { message } of sent) expect(referenceRecord.safeParse(JSON.parse(String(message.value)))).toMatchObject({ success: true });
  expect(JSON.stringify(sent)).not.toMatch(/王小明|某路|1390000|6217000|110101/);
  expect(vault.find(({ profile }) => profile?.name === '王小明')).toBeDefined();
});
