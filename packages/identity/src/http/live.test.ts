import { connect, type AddressInfo } from 'node:net';
import { get } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { silentTelemetry } from '@skyeye/telemetry';
import { createHttp, HANDLED, LiveStreams, route, type LiveBatch } from '../index.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

interface Server {
  readonly app: FastifyInstance;
  readonly streams: LiveStreams;
  readonly port: number;
  readonly add: (count: number, text?: string) => void;
  allowed: boolean;
}

async function start(options: { heartbeatMs?: number; drainMs?: number } = {}): Promise<Server> {
  const feed: string[] = [];
  const streams = new LiveStreams({ telemetry: silentTelemetry(), ...options });
  const state = { allowed: true };
  const read = (after: number): Promise<LiveBatch> => {
    const messages = feed.slice(after, after + 50).map((text, index) => ({ type: 'thing', seq: after + index + 1, text }));
    const upTo = after + messages.length;
    return Promise.resolve({ messages, upTo, more: upTo < feed.length });
  };
  const app = await createHttp({
    telemetry: silentTelemetry(),
    sessions: null,
    cookieName: 'x',
    routes: [
      route(
        {
          method: 'GET',
          path: '/stream',
          says: 'live',
          access: 'public',
          perMinute: 600,
          audit: null,
          query: z.object({ after: z.string().optional() }),
        },
        async ({ request, reply }) => {
          await streams.serve(request, reply, {
            read,
            beat: (seq) => ({ type: 'clock', seq }),
            startSeq: () => Promise.resolve(feed.length),
            mayResume: (seq) => Promise.resolve(seq <= feed.length),
            stillAllowed: () => Promise.resolve(state.allowed),
          });
          return HANDLED;
        },
      ),
    ],
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  opened.push(() => {
    streams.close();
    return app.close();
  });
  return {
    app,
    streams,
    port: (app.server.address() as AddressInfo).port,
    add(count, text = '') {
      for (let n = 0; n < count; n++) feed.push(text);
      streams.wake();
    },
    set allowed(value: boolean) {
      state.allowed = value;
    },
  };
}

/** Reads a stream until `enough` or its end; returns the places of the messages of type thing. */
function read(
  port: number,
  headers: Record<string, string>,
  enough: (seqs: number[], text: string) => boolean,
): Promise<{ seqs: number[]; text: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    let rest = '';
    const found: number[] = [];
    // Whole messages only, each looked at once: what is half sent does not count.
    const seqs = (): number[] => {
      const end = rest.includes('\n\n') ? rest.lastIndexOf('\n\n') + 2 : 0;
      for (const [, seq] of rest.slice(0, end).matchAll(/id: (\d+)\ndata: \{"type":"thing"/g)) found.push(Number(seq));
      rest = rest.slice(end);
      return found;
    };
    const request = get({ host: '127.0.0.1', port, path: '/stream', headers }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part.length > 2_000 ? '' : part;
        rest += part;
        if (enough(seqs(), text)) {
          request.destroy();
          resolve({ seqs: found, text });
        }
      });
      response.on('close', () => resolve({ seqs: found, text }));
    });
    request.on('error', reject);
  });
}
const upTo = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index + 1);

test('a reader that comes back resumes after the last place it saw, without a gap and without a double', async () => {
  const server = await start();
  server.add(10);
  const all: number[] = [];
  let last = 0;
  for (const goal of [3, 60, 130]) {
    server.add(60);
    const { seqs } = await read(server.port, { 'last-event-id': String(last) }, (seen) => (seen.at(-1) ?? 0) >= goal);
    all.push(...seqs);
    last = seqs.at(-1) ?? last;
  }
  expect(all).toEqual(upTo(0, all.length));
  expect(all.length).toBeGreaterThanOrEqual(130);
});

test('without a place a reader begins at the present', async () => {
  const server = await start();
  server.add(10);
  const reading = read(server.port, {}, (seqs) => seqs.length >= 2);
  await expect.poll(() => server.streams.size).toBe(1);
  server.add(2);
  expect((await reading).seqs).toEqual([11, 12]);
});

test('a place that is no number is refused, one that never was is lost', async () => {
  const server = await start();
  expect((await fetch(`http://127.0.0.1:${server.port}/stream`, { headers: { 'last-event-id': '1; drop' } })).status).toBe(400);
  expect((await fetch(`http://127.0.0.1:${server.port}/stream`, { headers: { 'last-event-id': '99' } })).status).toBe(410);
});

test('a silent stream gives signs of life with the present place', async () => {
  const server = await start({ heartbeatMs: 30 });
  server.add(4);
  const beats = (text: string): number => text.match(/id: 4\ndata: {"type":"clock"/g)?.length ?? 0;
  const { text } = await read(server.port, {}, (_seqs, seen) => beats(seen) >= 3);
  expect(beats(text)).toBeGreaterThanOrEqual(3);
});

test('the stream ends when the session is over', async () => {
  const server = await start({ heartbeatMs: 30 });
  const reading = read(server.port, {}, () => false);
  await expect.poll(() => server.streams.size).toBe(1);
  server.allowed = false;
  const { text } = await reading;
  expect(text.match(/"type":"clock"/g)?.length).toBeGreaterThanOrEqual(1);
  expect(server.streams.size).toBe(0);
});

test('a reader that does not read is dropped, the others go on', async () => {
  const server = await start({ drainMs: 3_000 });
  const slow = connect(server.port, '127.0.0.1');
  slow.write('GET /stream HTTP/1.1\r\nhost: 127.0.0.1\r\nlast-event-id: 0\r\n\r\n');
  slow.pause();
  let slowClosed = false;
  slow.on('close', () => (slowClosed = true)).on('error', () => undefined);
  await expect.poll(() => server.streams.size).toBe(1);
  const good = read(server.port, { 'last-event-id': '0' }, (seqs) => seqs.length >= 400);
  server.add(400, 'x'.repeat(50_000));
  expect((await good).seqs).toEqual(upTo(0, 400));
  await expect.poll(() => server.streams.size, { timeout: 15_000 }).toBe(0);
  slow.resume();
  await expect.poll(() => slowClosed, { timeout: 15_000 }).toBe(true);
});
