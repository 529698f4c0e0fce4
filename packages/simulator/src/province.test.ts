import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClosedCounty } from './closed-county.ts';
import { labelledBatch } from './batch.ts';
import { provinceOf, type ProvinceName } from './province.ts';
import { SCRIPTS } from './scripts/script.ts';

const closed = (province: ProvinceName, seed = 7): ClosedCounty =>
  new ClosedCounty({
    seed,
    residents: 2000,
    days: 2,
    times: 400,
    province,
    gate: (payment) => ({ kind: 'go', atMs: payment.fund.tMs }),
  });

function lived(county: ClosedCounty): string[] {
  const topics: string[] = [];
  for (let nowMs = county.startMs; nowMs <= county.endMs; nowMs += 1_800_000)
    topics.push(...county.step(nowMs).map(({ topic, record, arrivalMs }) => `${arrivalMs} ${topic} ${record.id}`));
  return topics;
}

test('another province lacks its missing sources, has its own script, and is the same every time', () => {
  const county = closed('other');
  const imported = [...county.import()];
  const records = lived(county);
  const { missing } = provinceOf('other');
  expect(missing.length / 19).toBeGreaterThan(0.3);
  expect(records.some((line) => missing.some((stream) => line.includes(` raw.${stream} `)))).toBe(false);
  const again = closed('other');
  expect([...again.import()].length).toBe(imported.length);
  expect(lived(again)).toEqual(records);
  const scripts = county.cases().map(({ label }) => label.script);
  expect(scripts).toContain('flight_refund');
});

test('nobody steps in: what would be lost is lost', () => {
  const county = closed('home');
  expect([...county.import()].length).toBeGreaterThan(1000);
  lived(county);
  const over = county.cases().filter(({ label }) => label.state === 'done' && label.label === 'fraud');
  expect(over.length).toBeGreaterThan(0);
  for (const { label, wouldLose } of over) expect(label.lost).toEqual(wouldLose);
  expect(new Set(county.cases().map(({ resident }) => resident.index)).size).toBe(county.cases().length);
});

test('nothing that trains knows the other province', () => {
  const own = new Set(provinceOf('other').scripts.map(({ id }) => id));
  expect(SCRIPTS.some(({ id }) => own.has(id))).toBe(false);
  const batch = labelledBatch({ seed: 101, residents: 100, days: 0.2, scams: 'many' });
  expect(batch.population.province.id).toBe('home');
  const folder = join(import.meta.dirname, '../../../models');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.(?:ts|md)$/.test(path) && !path.includes('node_modules'),
  );
  expect(sources.length).toBeGreaterThan(3);
  for (const path of sources) {
    const text = readFileSync(join(folder, path), 'utf8');
    expect(text, path).not.toMatch(/simulator\/measured|flight_refund|provinceOf/);
  }
});
