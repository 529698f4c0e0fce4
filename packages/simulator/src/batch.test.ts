import { rawReference, SOURCES, type RawRecord, type StreamEvent, type StreamName } from '@skyeye/contracts';
import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { DELAY_MAX_MS, DOUBLED_SHARE, simulateBatch, TOO_LATE_SHARE } from './index.ts';
import { labelledBatch } from './labels.ts';
import { SCRIPTS } from './scripts/script.ts';
import { HABITS, MEAN_CALL_S, MEAN_YUAN, PER_DAY } from './volumes.ts';

// Each walks through a day of a small county; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

const DAY_MS = 86_400_000;
const streamOf = (topic: string): StreamName => topic.slice(4) as StreamName;

function digest(options: Parameters<typeof simulateBatch>[0]): string {
  const hash = createHash('sha256');
  for (const entry of simulateBatch(options)) hash.update(JSON.stringify(entry));
  return hash.digest('hex');
}

test('the same seed gives the same bytes, another seed others', () => {
  const options = { seed: 5, days: 0.2, residents: 300, scams: 'dense' } as const;
  expect(digest(options)).toBe(digest(options));
  expect(digest(options)).not.toBe(digest({ ...options, seed: 6 }));
});

test('every record has the raw shape of its source and every event the schema of contracts', () => {
  const wrong: string[] = [];
  const streams = new Set<string>();
  for (const { topic, record } of simulateBatch({ seed: 1, days: 0.8, residents: 400, scams: 'dense' })) {
    const schema = topic === 'raw.reference' ? rawReference : SOURCES[streamOf(topic)].raw;
    streams.add(topic);
    const parsed = schema.safeParse(record);
    if (!parsed.success) wrong.push(`${topic} ${record.id} ${parsed.error.issues[0]?.path.join('.')} ${parsed.error.issues[0]?.message}`);
    else if (topic === 'raw.reference' && record['kind'] === 'history') {
      const history = SOURCES[record['stream'] as StreamName].raw.safeParse(record['record']);
      if (!history.success) wrong.push(`history ${record.id} ${history.error.issues[0]?.message}`);
    }
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(streams.size).toBeGreaterThanOrEqual(18);
});

test('volumes and amounts match DOMAIN §3 within 20 %', () => {
  const residents = 3000;
  const seen = new Set<string>();
  const rows: Record<string, { perResident: number; wanted: number }> = {};
  const counts: Record<string, number> = {};
  const sums = { pay: [0, 0], bank: [0, 0], call: [0, 0] } as Record<string, [number, number]>;
  const { population, records } = labelledBatch({ seed: 11, days: 2, residents, scams: 'none' });
  const own = new Set(
    population.residents.flatMap((r) => [
      ...r.accounts.filter((a) => a.partner).map((a) => a.no),
      ...(r.wallet === null ? [] : [r.wallet.no]),
    ]),
  );
  const partnerShare =
    population.residents.filter((r) => r.accounts[0]?.partner === true).length /
    population.residents.filter((r) => r.accounts.length > 0).length;
  const phones = new Set(population.residents.map((r) => r.phone));
  for (const { topic, record } of records) {
    if (topic === 'raw.reference' || seen.has(record.id)) continue;
    seen.add(record.id);
    const stream = streamOf(topic);
    if (stream === 'bank' || stream === 'pay') {
      const sum = sums[stream];
      if (record['dir'] !== 'out' || !own.has(String(record['acct'])) || sum === undefined) continue;
      sum[0]++;
      sum[1] += Number(record['amt']) / 100;
    }
    if (stream === 'call' && !phones.has(String(record['caller']))) continue;
    if (stream === 'call' && record['answered'] === true && sums['call'] !== undefined) {
      sums['call'][0]++;
      sums['call'][1] += Number(record['dur_s']);
    }
    counts[stream] = (counts[stream] ?? 0) + 1;
  }
  for (const stream of ['call', 'sms', 'pay', 'bank', 'acct', 'cash', 'shop', 'parcel', 'app', 'web']) {
    const wanted = HABITS.filter((habit) => PER_DAY[habit].stream === stream && habit !== 'callFromOutside').reduce(
      (sum, habit) => sum + PER_DAY[habit].perResident,
      0,
    );
    const scale = stream === 'bank' ? partnerShare : 1;
    rows[stream] = { perResident: (counts[stream] ?? 0) / residents / 2 / scale, wanted };
  }
  const mean = (name: string): number => (sums[name]?.[1] ?? 0) / (sums[name]?.[0] ?? 1);
  rows['yuan per payment'] = { perResident: mean('pay'), wanted: MEAN_YUAN.pay };
  rows['yuan per transfer'] = { perResident: mean('bank'), wanted: MEAN_YUAN.bank };
  rows['seconds per call'] = { perResident: mean('call'), wanted: MEAN_CALL_S };
  console.table(rows);
  for (const [name, row] of Object.entries(rows)) {
    if (name === 'pay' || name === 'cash') continue;
    expect(Math.abs(row.perResident / row.wanted - 1), name).toBeLessThan(0.2);
  }
  // A wallet filled from a card outside the partnership is seen on one side only, and 170 withdrawals scatter.
  expect(Math.abs((rows['pay']?.perResident ?? 0) / 2.5 - 1)).toBeLessThan(0.2);
});

test('on the first day less than 2 % of calls and payments between habitual pairs look new', () => {
  const { population, records } = labelledBatch({ seed: 3, days: 1, residents: 1500, scams: 'none' });
  const last = new Map<string, number>();
  const pairs = new Set<string>();
  const byPhone = new Map(population.residents.map((r) => [r.phone, r]));
  const events: StreamEvent[] = [];
  const habitual = new Set<string>();
  for (const r of population.residents) {
    const payees = (population.payees[r.index] ?? []).map((index) => population.residents[index]);
    for (const shop of population.shops[r.index] ?? []) habitual.add(`${r.wallet?.no}|${population.institutions.shops[shop]?.no}`);
    for (const payee of payees) habitual.add(`${r.wallet?.no}|${payee?.wallet?.no}`);
    habitual.add(`${r.accounts[0]?.no}|${payees[0]?.accounts[0]?.no}`);
    habitual.add(`${r.accounts[0]?.no}|${population.institutions.billers[r.index % population.institutions.billers.length]?.no}`);
    habitual.add(`${r.accounts[0]?.no}|${r.wallet?.no}`);
  }
  for (const r of population.residents) for (const contact of population.contacts[r.index] ?? []) pairs.add(`${r.phone}|${contact.number}`);
  for (const { topic, record } of records) {
    if (topic !== 'raw.reference') {
      events.push(...SOURCES[streamOf(topic)].normalise(record as unknown as RawRecord));
      continue;
    }
    if (record['kind'] === 'contact')
      for (const [a, b] of [
        [record['phone'], record['peer']],
        [record['peer'], record['phone']],
      ])
        last.set(`t${String(a)}|${String(b)}`, Number(record['lastMs']));
    if (record['kind'] === 'payee')
      last.set(`${String(record['dir'])}${String(record['acct'])}|${String(record['peer'])}`, Number(record['lastMs']));
  }
  let calls = 0;
  let newCalls = 0;
  let payments = 0;
  let newPayments = 0;
  for (const event of events) {
    const known = (key: string): boolean =>
      (last.get(key) ?? 0) > event.t - 180 * DAY_MS && (last.get(key) ?? Infinity) <= event.t - DAY_MS;
    if (
      event.stream === 'call' &&
      event['dir'] === 'out' &&
      byPhone.has(String(event['phone'])) &&
      pairs.has(`${event['phone']}|${event['peer']}`)
    ) {
      calls++;
      if (!known(`t${event['phone']}|${event['peer']}`)) newCalls++;
    }
    if (
      (event.stream === 'bank' || event.stream === 'pay') &&
      event['dir'] === 'out' &&
      habitual.has(`${event['acct']}|${event['peer']}`)
    ) {
      payments++;
      if (!known(`out${event['acct']}|${event['peer']}`)) newPayments++;
    }
  }
  expect(calls).toBeGreaterThan(1000);
  expect(payments).toBeGreaterThan(1000);
  expect(newCalls / calls).toBeLessThan(0.02);
  expect(newPayments / payments).toBeLessThan(0.02);
});

test('records come in order of arrival, late and doubled at the stated rates', () => {
  let lastMs = -Infinity;
  let doubled = 0;
  let late = 0;
  let outOfOrder = 0;
  let outOfRange = 0;
  const seen = new Set<string>();
  for (const { topic, record, arrivalMs } of simulateBatch({ seed: 2, days: 1, residents: 1800, scams: 'none' })) {
    if (arrivalMs < lastMs) outOfOrder++;
    lastMs = arrivalMs;
    if (topic === 'raw.reference') continue;
    if (seen.has(record.id)) doubled++;
    seen.add(record.id);
    const delayMs = arrivalMs - Number(record['t']);
    if (delayMs < 0 || delayMs > DELAY_MAX_MS) outOfRange++;
    if (delayMs > SOURCES[streamOf(topic)].delay.allowedLatenessMs) late++;
  }
  expect([outOfOrder, outOfRange]).toEqual([0, 0]);
  expect(doubled / seen.size).toBeGreaterThan(DOUBLED_SHARE * 0.8);
  expect(doubled / seen.size).toBeLessThan(DOUBLED_SHARE * 1.2);
  expect(late / seen.size).toBeGreaterThan(TOO_LATE_SHARE * 0.4);
  expect(late / seen.size).toBeLessThan(0.02);
});

test('all 30 scripts are lived through, and each scam that takes money shows it in the labels alone', () => {
  const { records, truth } = labelledBatch({ seed: 9, days: 2, residents: 1500, scams: 'dense', everyMs: 900_000 });
  let text = 0;
  const ids = new Set<string>();
  for (const entry of records) {
    ids.add(entry.record.id);
    if (JSON.stringify(entry).includes('"fraud"')) text++;
  }
  const labels = truth();
  expect(text).toBe(0);
  expect(new Set(labels.map((label) => label.script))).toEqual(new Set(SCRIPTS.map((script) => script.id)));
  for (const id of ['brush', 'svc', 'gov', 'credit', 'loan', 'boss', 'game', 'shopping', 'elder']) {
    const done = labels.filter((label) => label.script === id && label.state === 'done');
    expect(done.length, id).toBeGreaterThan(0);
    expect(
      done.every((label) => label.lostFen > 0),
      id,
    ).toBe(true);
  }
  expect(labels.filter((label) => label.label === 'benign').every((label) => label.lostFen === 0)).toBe(true);
});

test('what other packages import knows nothing of the truth', async () => {
  const names = Object.keys(await import('./index.ts'));
  expect(names.filter((name) => /label|truth|plan|instance/i.test(name))).toEqual([]);
});

test('no two records of a script share an id, and an id is always the same record', () => {
  const seen = new Map<string, string>();
  const differing: string[] = [];
  for (const { topic, record } of simulateBatch({ seed: 31, days: 0.6, residents: 500, scams: 'dense', everyMs: 300_000 })) {
    if (topic === 'raw.reference') continue;
    const text = JSON.stringify(record);
    if ((seen.get(record.id) ?? text) !== text) differing.push(record.id);
    seen.set(record.id, text);
  }
  expect(differing).toEqual([]);
});
