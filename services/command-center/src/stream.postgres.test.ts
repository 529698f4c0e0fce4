import { get } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addNote } from '@skyeye/ledger';
import { streamMessage, type StreamMessage } from '@skyeye/contracts';
import { DRAIN_DEADLINE_MS } from '@skyeye/telemetry';
import { startDesk, T0, type Desk } from './testing/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.end());

/** Reads the stream and cuts the line as soon as `enough` says so, in the middle of whatever comes. */
async function read(
  account: string,
  after: number | null,
  enough: (messages: readonly StreamMessage[]) => boolean,
): Promise<readonly StreamMessage[]> {
  const headers = { cookie: await desk.cookieOf(account), ...(after === null ? {} : { 'last-event-id': String(after) }) };
  return new Promise((resolve, reject) => {
    let rest = '';
    const messages: StreamMessage[] = [];
    const request = get(`${desk.base}/api/stream`, { headers }, (response) => {
      if (response.statusCode !== 200) {
        request.destroy();
        reject(new Error(String(response.statusCode)));
        return;
      }
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        rest += part;
        for (let end = rest.indexOf('\n\n'); end >= 0 && !request.destroyed; end = rest.indexOf('\n\n')) {
          const data = /^data: (.*)$/m.exec(rest.slice(0, end))?.[1];
          rest = rest.slice(end + 2);
          if (data !== undefined) messages.push(streamMessage.parse(JSON.parse(data)));
          if (enough(messages)) request.destroy();
        }
      });
      response.on('close', () => resolve(messages));
    });
    request.on('error', (error) => (request.destroyed ? resolve(messages) : reject(error)));
  });
}

const told = (messages: readonly StreamMessage[]): readonly StreamMessage[] => messages.filter(({ type }) => type !== 'clock');

test('a reader that is cut off after every single message resumes without a gap and without a double', async () => {
  const ask = await desk.as('analyst');
  const start = (await ask('GET', '/api/incidents')).json().feedSeq as number;
  const ids = [await desk.alert(11), await desk.alert(12), await desk.alert(0)];
  for (let n = 0; n < 5; n++)
    await addNote(desk.ledger, { incidentId: ids[n % 3] ?? '', actor: { account: 'analyst', unit: null }, nowMs: T0, text: `第${n}条` });
  const end = (await ask('GET', '/api/incidents')).json().feedSeq as number;

  const whole = told(await read('analyst', start, (messages) => (messages.at(-1)?.seq ?? 0) >= end));
  const cut: StreamMessage[] = [];
  let place = start;
  while (place < end) {
    const part = told(await read('analyst', place, (messages) => told(messages).length >= 1));
    cut.push(...part.slice(0, 1));
    place = part[0]?.seq ?? place;
  }
  const actions = (messages: readonly StreamMessage[]): readonly number[] =>
    messages.flatMap((message) => (message.type === 'action' ? [message.action.seq] : []));
  expect(actions(cut)).toEqual(actions(whole));
  expect(new Set(actions(whole)).size).toBe(actions(whole).length);
  const last = (messages: readonly StreamMessage[]): ReadonlyMap<string, number> =>
    new Map(messages.flatMap((message) => (message.type === 'incident' ? [[message.incident.id, message.incident.version] as const] : [])));
  expect(last(cut)).toEqual(last(whole));
  expect([...last(whole).keys()].toSorted()).toEqual([...ids].toSorted());
  expect(whole.map(({ seq }) => seq)).toEqual([...new Set(whole.map(({ seq }) => seq))].toSorted((a, b) => a - b));
  expect(whole.filter(({ type }) => type === 'incident')).toHaveLength(3);
});

test('what happens while a reader listens arrives at once', async () => {
  // Its first message is the clock; what happens before that it has loaded with the page.
  const begun = Promise.withResolvers<void>();
  const listening = read('analyst', null, (messages) => {
    if (messages.length > 0) begun.resolve();
    return messages.some(({ type }) => type === 'counters');
  });
  await begun.promise;
  const id = await desk.alert(13);
  const messages = await listening;
  expect(messages[0]).toMatchObject({ type: 'clock', countyMs: T0 });
  expect(messages.find((message) => message.type === 'incident')).toMatchObject({ incident: { id } });
});

test("a station's room is told of its own incidents only", async () => {
  const ask = await desk.as('analyst');
  const start = (await ask('GET', '/api/incidents')).json().feedSeq as number;
  await desk.alert(14);
  const id = await desk.alert(0, { id: 'again', score: 0.99, t: T0 + 60_000, evidence: [] });
  const messages = await read('station-st09', start, (seen) => seen.some(({ type }) => type === 'counters'));
  expect(messages.filter(({ type }) => type === 'incident' || type === 'action' || type === 'evidence')).toEqual([]);
  expect(id).not.toBe('');
});

test('a station hears that an incident went to another one, and nothing of it after that', async () => {
  const id = await desk.alert(31);
  const ask = await desk.as('analyst');
  const { version, station } = (await ask('GET', `/api/incidents/${id}`)).json();
  const start = (await ask('GET', '/api/incidents')).json().feedSeq as number;
  const returned = await ask('POST', `/api/incidents/${id}/returns`, { version, station: 'ST05', reason: '住址在邻镇' });
  expect(returned.statusCode).toBe(200);
  await addNote(desk.ledger, { incidentId: id, actor: { account: 'analyst', unit: null }, nowMs: T0, text: '与他所无关' });
  const about = async (room: string): Promise<readonly string[]> =>
    (await read(room, start, (seen) => seen.some(({ type }) => type === 'counters'))).flatMap((message) =>
      message.type === 'action' ? [message.action.kind] : message.type === 'incident' ? [message.incident.station] : [],
    );
  expect(await about(`station-${String(station).toLowerCase()}`)).toEqual(['returned', 'ST05']);
  expect(await about('station-st05')).toEqual(['returned', 'task_sent', 'note', 'ST05']);
  expect(await about('station-st09')).toEqual([]);
});

test('a place that never was, and one far behind, have to be loaded anew', async () => {
  await expect(read('analyst', 4_000_000, () => true)).rejects.toThrow('410');
});

test('a stop ends open streams and takes seconds, not as long as somebody listens', async () => {
  const other = await startDesk();
  const headers = { cookie: await other.cookieOf('analyst') };
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const request = get(`${other.base}/api/stream`, { headers }, (response) => {
    response.once('data', () => opened.resolve());
    response.resume().once('close', () => ended.resolve());
  });
  request.once('error', () => ended.resolve());
  await opened.promise;
  const startedMs = performance.now();
  await other.center.close();
  await ended.promise;
  expect(performance.now() - startedMs).toBeLessThan(DRAIN_DEADLINE_MS);
  expect(other.center.http.server.listening).toBe(false);
  await other.end();
});
