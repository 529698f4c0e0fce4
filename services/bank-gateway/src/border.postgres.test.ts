import { BANK_KEY_HEADER } from '@skyeye/contracts';
import { routeTable } from '@skyeye/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDesk, proof, question, type Desk } from './testing/desk.ts';

let desk: Desk;
beforeAll(async () => void (desk = await openDesk()));
afterAll(() => desk.end());
const JSON_TYPE = { 'content-type': 'application/json' };
const keyed = (): Record<string, string> => ({ ...JSON_TYPE, [BANK_KEY_HEADER]: desk.keys.own });
const text = (change: object): string => JSON.stringify({ ...question(), ...change });

/** Every border of the gateway, with its outcome. Nothing reaches the scorer, nothing is stored. */
test.each<[says: string, body: string, status: number, code: string]>([
  ['not JSON', 'hello', 400, 'BAD_JSON'],
  ['half a body', text({}).slice(0, 50), 400, 'BAD_JSON'],
  ['nothing', '', 400, 'BAD_JSON'],
  ['a list', '[]', 400, 'INVALID'],
  ['null', 'null', 400, 'INVALID'],
  ['a wrong type', text({ amountFen: '100' }), 400, 'INVALID'],
  ['a missing id', text({ requestId: undefined }), 400, 'INVALID'],
  ['an id of other letters', text({ requestId: 'a b c d e f' }), 400, 'INVALID'],
  ['an unknown enum', text({ channel: 'pigeon' }), 400, 'INVALID'],
  ['an unknown field', text({ surprise: 1 }), 400, 'INVALID'],
  ['a negative amount', text({ amountFen: -1 }), 400, 'INVALID'],
  ['no amount', text({ amountFen: 0 }), 400, 'INVALID'],
  ['half a fen', text({ amountFen: 0.5 }), 400, 'INVALID'],
  ['NaN', text({}).replace('"amountFen":5000000', '"amountFen":NaN'), 400, 'BAD_JSON'],
  ['a number beyond all', text({}).replace('"amountFen":5000000', '"amountFen":1e309'), 400, 'INVALID'],
  ['a negative balance', text({ balanceAfterFen: -1 }), 400, 'INVALID'],
  ['the year 1970', text({ initiatedMs: 1000 }), 400, 'INVALID'],
  ['the year 2100', text({ initiatedMs: 4_102_444_800_001 }), 400, 'INVALID'],
  ['a control character', text({ txid: 'a\u0000b' }), 400, 'INVALID'],
  ['deep nesting', `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 400, 'TOO_DEEP'],
  ['__proto__', `{"__proto__":{"bank":"b2"},${text({}).slice(1)}`, 400, 'BAD_JSON'],
  ['ten megabytes', text({ payerAccount: '6'.repeat(10_000_000) }), 413, 'TOO_LARGE'],
])('%s is refused', async (_says, body, status, code) => {
  expect(await desk.post('/v1/holds', body, keyed())).toMatchObject({ status, body: { code } });
});

test('invalid UTF-8 is refused', async () => {
  const response = await fetch(`${desk.origin}/v1/holds`, {
    method: 'POST',
    headers: keyed(),
    body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  });
  expect(response.status).toBe(400);
});

test.each([
  ['no content type', {}],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['plain text', { 'content-type': 'text/plain' }],
])('a body as %s is refused', async (_says, headers) => {
  const response = await fetch(`${desk.origin}/v1/holds`, {
    method: 'POST',
    headers: { ...headers, [BANK_KEY_HEADER]: desk.keys.own },
    body: new TextEncoder().encode(text({})),
  });
  expect(response.status).toBe(415);
});

test.each<[says: string, key: string | undefined]>([
  ['no key', undefined],
  ['a made-up key', 'k'.repeat(43)],
  ['an empty key', ''],
  ['a key of SQL', "' or 1=1 --"],
])('%s is refused as not signed in', async (_says, key) => {
  const headers = key === undefined ? JSON_TYPE : { ...JSON_TYPE, [BANK_KEY_HEADER]: key };
  expect(await desk.post('/v1/holds', question(), headers)).toMatchObject({ status: 401, body: { code: 'NOT_SIGNED_IN' } });
});

test.each<[says: string, headers: Record<string, string>]>([
  ['nothing', {}],
  ['a made-up key', { [BANK_KEY_HEADER]: 'k'.repeat(43) }],
  ['a cookie of the console', { cookie: `skyeye_console=${'s'.repeat(43)}` }],
  ['a cookie of the field app', { cookie: `skyeye_field=${'s'.repeat(43)}` }],
  ['cookies that carry the key', { cookie: `skyeye_console=KEY; skyeye_field=KEY; ${BANK_KEY_HEADER}=KEY` }],
  ['the key as a bearer token', { authorization: 'Bearer KEY' }],
])('invariant 8: every route refuses a caller with %s', async (_says, headers) => {
  const rows = routeTable(desk.routes);
  expect(rows.length).toBeGreaterThanOrEqual(4);
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replaceAll('KEY', desk.keys.own)]));
  for (const { method, path, access } of rows) {
    expect(access, path).toBe('key');
    const payload = !path.includes(':id') ? question() : { requestId: 'request-9999', reason: '客户已核实', operator: '柜员07' };
    const url = path.replace(':id', `h_${'A'.repeat(24)}`);
    const { statusCode } = await desk.http.inject({
      method,
      url,
      headers: { ...own, ...proof() },
      ...(method === 'POST' ? { payload } : {}),
    });
    expect(statusCode, `${method} ${path}`).toBe(401);
  }
});

test('nothing of all that was asked, stored or counted as a decision', async () => {
  expect(desk.scoring.asked).toEqual([]);
  expect(await desk.ledger.query('select 1 from holds')).toEqual([]);
  expect(await desk.metrics()).not.toMatch(/gateway_holds_decided_total\{[^}]*\} [1-9]/);
});
