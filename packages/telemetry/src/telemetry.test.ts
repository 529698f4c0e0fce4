import { expect, test } from 'vitest';
import { createTelemetry, eventTable, mergedMetricsText, metricTable, redactTyped, runUntilSignal, silentTelemetry } from './index.ts';

const events = eventTable({
  TransferScored: { level: 'info', says: 'A transfer was scored.' },
  FreezeRefused: { level: 'warn', says: 'A freeze was refused.' },
});
const metrics = metricTable({
  scored: { kind: 'counter', name: 'scorer_transfers_scored_total', says: 'Transfers.', labels: { level: ['P1', 'P2'] } },
  lag: { kind: 'gauge', name: 'scorer_lag_messages', says: 'Lag.' },
  took: { kind: 'histogram', name: 'scorer_batch_ms', says: 'Time.', buckets: [1, 10] },
});

function recorded() {
  const lines: Record<string, unknown>[] = [];
  const telemetry = createTelemetry({
    service: 'scorer',
    destination: { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    wallNowMs: () => 1_700_000_000_000,
  });
  return { lines, telemetry };
}

test('invariant 8: phone, identity and card numbers never reach a log line, and each is counted', async () => {
  const { lines, telemetry } = recorded();
  const identifiers = ['13812345678', '37250119900307123X', '372501199003071234', '6222021234567890123', '622202123456789'];
  for (const identifier of identifiers)
    telemetry
      .log(events)
      .TransferScored({ plain: identifier, within: `from ${identifier}, now`, prefixed: `tel:+86${identifier}`.slice(0, 40) });
  telemetry.log(events).FreezeRefused({ asNumber: 13_812_345_678 }, new Error('no such account 6222021234567890123'));
  const all = JSON.stringify(lines);
  for (const identifier of identifiers) expect(all.includes(`"${identifier}"`) || all.includes(` ${identifier}`)).toBe(false);
  expect(all).not.toContain('13812345678');
  expect(await telemetry.metricsText()).toMatch(/telemetry_identifiers_redacted_total (1[2-9]|2\d)/);
});

test.each([
  ['电话138 0000 5521', '电话[identifier]'],
  ['电话１３８-００００-５５２１,卡6217 0000 1111 2222 333', '电话[identifier],卡[identifier]'],
  ['371526 19580101 123x', '[identifier]'],
  ['2026-09-16 10:30,3号楼2单元,转账49,800元', '2026-09-16 10:30,3号楼2单元,转账49,800元'],
])('invariant 8: a number that a person typed in groups or in wide digits is taken out too: %s', (typed, kept) => {
  expect(redactTyped(typed)).toBe(kept);
});

test('ordinary facts stay as they are', () => {
  const { lines, telemetry } = recorded();
  telemetry.log(events).TransferScored({ offset: 123_456_789, atMs: 1_700_000_000_123, hash: 'a3f41381234567890bcd' });
  expect(lines[0]).toEqual({
    level: 'info',
    timeMs: 1_700_000_000_000,
    service: 'scorer',
    event: 'TransferScored',
    offset: 123_456_789,
    atMs: 1_700_000_000_123,
    hash: 'a3f41381234567890bcd',
  });
});

test('a label outside its closed set and a name without a unit are our bug', () => {
  const bound = silentTelemetry().metrics(metrics);
  expect(() => bound.scored.add(1, { level: 'P9' as 'P1' })).toThrow('label level');
  expect(() => metricTable({ x: { kind: 'gauge', name: 'scorer_lag', says: '' } })).toThrow('unit');
  expect(() => eventTable({ score_transfer: { level: 'info', says: '' } })).toThrow('past verb');
});

test('the metrics of several threads are shown as one', async () => {
  const [a, b] = [silentTelemetry(), silentTelemetry()];
  a.metrics(metrics).scored.add(2, { level: 'P1' });
  b.metrics(metrics).scored.add(3, { level: 'P1' });
  a.metrics(metrics).took.observe(5);
  expect(await mergedMetricsText([await a.metricsJson(), await b.metricsJson()])).toContain('scorer_transfers_scored_total{level="P1"} 5');
});

test('a service that starts or drains is alive and not ready; one with a failed part is neither', () => {
  const { health } = silentTelemetry();
  expect([health.health().status, health.readiness().status]).toEqual([200, 503]);
  health.ready(true);
  health.set('log', 'degraded', 'no broker answered');
  expect([health.health().status, health.readiness().status, health.state]).toEqual([200, 200, 'degraded']);
  health.set('log', 'failed');
  expect([health.health().status, health.readiness().status]).toEqual([503, 503]);
});

test('the health of another thread is shown under its name, and what it no longer says goes away', () => {
  const [main, worker] = [silentTelemetry().health, silentTelemetry().health];
  worker.set('log', 'degraded', 'slow');
  main.adopt('scorer', worker.parts);
  expect(main.state).toBe('degraded');
  worker.remove('log');
  main.adopt('scorer', worker.parts);
  expect([main.state, main.parts]).toEqual(['ok', {}]);
});

test('a stop drains and exits 0; a drain that is late exits 1', async () => {
  const codes: number[] = [];
  const exit = (code: number) => void codes.push(code);
  await runUntilSignal({ telemetry: silentTelemetry(), drain: async () => undefined, exit })('test');
  await runUntilSignal({ telemetry: silentTelemetry(), drain: () => new Promise(() => undefined), deadlineMs: 5, exit })('test');
  expect(codes).toEqual([0, 1]);
});
