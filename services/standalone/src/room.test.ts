import { silentTelemetry } from '@skyeye/telemetry';
import { expect, test } from 'vitest';
import { partsOf } from './room.ts';

test("the console's health has the parts of every service of a room, and is as bad as the worst of them", () => {
  const [scorer, ingest, console] = [silentTelemetry('scorer'), silentTelemetry('ingest'), silentTelemetry('command-center')];
  scorer.health.set('model', 'ok');
  ingest.health.set('consumer raw.call/0', 'degraded', 'paused');
  console.health.set('feed', 'ok');
  console.health.adopt('engine-room', partsOf([scorer, ingest]));
  expect(Object.keys(console.health.parts)).toEqual(['feed', 'engine-room scorer model', 'engine-room ingest consumer raw.call/0']);
  expect(console.health.health()).toMatchObject({ status: 200, body: { state: 'degraded' } });
  ingest.health.set('consumer raw.call/0', 'failed', 'gone');
  console.health.adopt('engine-room', partsOf([scorer, ingest]));
  expect(console.health.health()).toMatchObject({ status: 503 });
  ingest.health.remove('consumer raw.call/0');
  console.health.adopt('engine-room', partsOf([scorer, ingest]));
  expect(console.health.state).toBe('ok');
});
