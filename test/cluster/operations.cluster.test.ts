import { available } from '@skyeye/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serviceBed, type ServiceBed, type ServiceProcess } from '../lib/service-bed.ts';

/** What a supervisor, Prometheus and a stop signal find at a service that runs as a process of its own. */
const missing = (['kafka', 'redis', 'postgres'] as const).filter((name) => !available(name).ok);
const DRAIN_MS_MAX = 10_000;
/** In the order of their start: the county waits until scorer and ingest have its first day. */
const SERVICES = [
  ['scorer', 'scorer_events_total'],
  ['ingest', 'ingest_records_total'],
  ['bank-gateway', 'gateway_hold_duration_ms'],
  ['county', 'simulator_records_sent_total'],
] as const;
let bed: ServiceBed;
const running = new Map<string, ServiceProcess>();

beforeAll(async () => {
  if (missing.length > 0) return;
  bed = await serviceBed({ CHECKPOINT_SECONDS: '2', RESIDENTS: '300', SEED: '5', SPEED: '10', SCAMS: 'dense' });
  for (const [name] of SERVICES) running.set(name, bed.start(name));
}, 180_000);
afterAll(() => bed?.end(), 60_000);

const service = (name: string): ServiceProcess => {
  const found = running.get(name);
  if (found === undefined) throw new Error(`${name} was not started`);
  return found;
};

test.skipIf(missing.length > 0).each(SERVICES)(
  '%s says that it lives and takes work, and counts for Prometheus',
  { timeout: 150_000 },
  async (name, metric) => {
    const subject = service(name);
    await subject.ready(140_000);
    expect(JSON.parse((await subject.get('/ready')).text)).toMatchObject({ service: name, ready: true });
    const health = await subject.get('/health');
    expect([health.status, JSON.parse(health.text)]).toMatchObject([200, { service: name, ready: true }]);
    const metrics = await subject.get('/metrics');
    expect(metrics).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/plain/) as unknown });
    expect(metrics.text).toMatch(new RegExp(`^# TYPE ${metric} (counter|histogram)$`, 'm'));
    expect((await subject.get('/elsewhere')).status).toBe(404);
  },
);

test.skipIf(missing.length > 0).each(SERVICES.toReversed().map(([name]) => [name] as const))(
  'a stop signal drains %s within ten seconds',
  { timeout: 60_000 },
  async (name) => {
    const subject = service(name);
    const { code, tookMs } = await subject.stop();
    expect(code, subject.output().slice(-2_000)).toBe(0);
    expect(tookMs).toBeLessThan(DRAIN_MS_MAX);
    expect((await subject.get('/health')).status).toBe(0);
    // Addresses with passwords are for nobody's log.
    expect(subject.output()).not.toMatch(/postgres:\/\//);
  },
);
