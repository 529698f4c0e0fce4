import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamEvent } from '@skyeye/contracts';
import { freePort, removeFolder, temporaryFolder } from '@skyeye/testkit';
import { createClient } from 'redis';
import { notMeasured, timesRow, type Row } from '../row.ts';
import { compared, differs, foldPlain } from './compared.ts';
import type { Part } from './part.ts';
import { passes, type PlainFeature } from './plain-features.ts';

/** Events whose commands are sent together. */
const PIPELINE = 64;
const SAMPLE = 17;
/** Before this share of the events the sets are only filled: what is measured are sets as they are after days. */
const FILLED = 0.9;

/** The sorted-set pattern: per feature and key a set of members by time; add, cut what is too old, read all that is left. */
export const redis: Part = {
  name: 'redis',
  outside: true,
  async run({ seconds }): Promise<readonly Row[]> {
    const { features, uniform, busy } = compared();
    const server = await startServer();
    if (typeof server === 'string')
      return [
        notMeasured('engine: times Redis sorted sets', '×', 10, server),
        notMeasured('engine: times Redis sorted sets, busy keys', '×', 100, server),
      ];
    try {
      const rows: Row[] = [];
      for (const [says, events, aim] of [
        ['', uniform, 10],
        [', five keys have half of the events', busy, 100],
      ] as const) {
        const theirs = await sortedSets(server.port, features, events, seconds);
        const ours = foldPlain(events, SAMPLE, Math.floor(events.length * FILLED));
        const { compared: agreed, difference } = differs(ours, theirs.values);
        const name = `engine: times Redis sorted sets, ${features.length} features${says}`;
        rows.push(
          {
            name: `Redis sorted sets, ${features.length} features${says}`,
            value: theirs.perSecond,
            unit: 'events/s',
            ratio: theirs.perSecond / ours.perSecond,
            aim: 0,
            less: false,
          },
          {
            name: `engine: the same features${says}, events ready as objects`,
            value: ours.perSecond,
            unit: 'events/s',
            ratio: null,
            aim: 0,
            less: false,
          },
          difference === null
            ? timesRow(`${name}; ${agreed.toLocaleString('en-US')} values agree`, ours.perSecond / theirs.perSecond, aim)
            : notMeasured(name, '×', aim, `values differ: ${difference}`),
        );
      }
      return rows;
    } finally {
      await server.stop();
    }
  },
};

async function sortedSets(
  port: number,
  features: readonly PlainFeature[],
  events: readonly StreamEvent[],
  seconds: number,
): Promise<{ perSecond: number; values: [number, string, number | null][] }> {
  const client = createClient({ url: `redis://127.0.0.1:${port}` });
  await client.connect();
  await client.flushAll();
  const of = Map.groupBy(
    features.flatMap((feature) => feature.streams.map((stream) => ({ stream, feature }))),
    ({ stream }) => stream,
  );
  const values: [number, string, number | null][] = [];
  /** All commands of an event are on their way before the first answer is there; the client writes those of a turn as one pipeline. */
  const ask = async (event: StreamEvent, number: number, fill = false): Promise<void> => {
    await Promise.all(
      (of.get(event.stream) ?? []).map(async ({ feature }) => {
        const key = event[feature.key];
        if (typeof key !== 'string') return;
        const set = `${feature.id}:${key}`;
        const value = feature.column === null ? '' : event[feature.column];
        if (passes(feature.filter, event) === true && value !== null && value !== undefined)
          void client.zAdd(set, { score: event.t, value: `${number} ${String(value)}` });
        if (fill) return;
        void client.zRemRangeByScore(set, '-inf', event.t - feature.windowMs);
        const result = aggregate(feature, await client.zRange(set, 0, -1));
        if (number % SAMPLE === 0) values.push([number, feature.id, result]);
      }),
    );
  };
  let at = 0;
  for (const from = Math.floor(events.length * FILLED); at < from; at++) {
    void ask(events[at] as StreamEvent, at, true);
    if (at % 500 === 0) await client.ping();
  }
  await client.ping();
  const first = at;
  const startedMs = performance.now();
  while (at < events.length && performance.now() - startedMs < Math.max(seconds, 2) * 1_000) {
    const until = Math.min(events.length, at + PIPELINE);
    const asking: Promise<void>[] = [];
    for (; at < until; at++) asking.push(ask(events[at] as StreamEvent, at));
    await Promise.all(asking);
  }
  const perSecond = (at - first) / ((performance.now() - startedMs) / 1_000);
  await client.close();
  return { perSecond, values };
}

function aggregate(feature: PlainFeature, members: readonly string[]): number | null {
  const texts = members.map((member) => member.slice(member.indexOf(' ') + 1));
  switch (feature.function) {
    case 'count':
      return texts.length;
    case 'exists':
      return texts.length > 0 ? 1 : 0;
    case 'distinct':
      return new Set(texts).size;
    case 'sum':
      return texts.reduce((sum, text) => sum + Number(text), 0);
    case 'avg':
      return texts.length === 0 ? null : texts.reduce((sum, text) => sum + Number(text), 0) / texts.length;
    case 'min':
    case 'max':
      return texts.length === 0
        ? null
        : texts.reduce(
            (best, text) => Math[feature.function as 'min' | 'max'](best, Number(text)),
            feature.function === 'min' ? Infinity : -Infinity,
          );
  }
}

/** A server of its own that writes nothing to disk, which is its best. @returns why there is none */
async function startServer(): Promise<string | { readonly port: number; stop(): Promise<void> }> {
  const port = await freePort();
  const folder = temporaryFolder('bench-redis');
  const child = spawn(
    'redis-server',
    ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'no'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const failed = await new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(`redis-server does not start: ${error.message}`));
    child.stdout.on('data', (text: Buffer) => {
      if (text.includes('Ready to accept connections')) resolve(null);
    });
    void sleep(10_000, undefined, { ref: false }).then(() => resolve('redis-server is not ready after 10 s'));
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.pid !== undefined) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    removeFolder(folder);
  };
  if (failed === null) return { port, stop };
  await stop();
  return failed;
}
