import { expect, test } from 'vitest';
import { EventStreamParser } from './event-stream.ts';

const TEXT = ': hello\n\nid: 7\ndata: {"a":1}\n\nid: 8\r\nevent: reset\r\ndata: one\r\ndata: two\r\n\r\n';

test('an event cut anywhere comes out whole', () => {
  for (let cut = 0; cut <= TEXT.length; cut += 1) {
    const parser = new EventStreamParser();
    const events = [...parser.push(TEXT.slice(0, cut)), ...parser.push(TEXT.slice(cut))];
    expect(events).toEqual([
      { id: '7', event: 'message', data: '{"a":1}' },
      { id: '8', event: 'reset', data: 'one\ntwo' },
    ]);
  }
});

test('comments keep the line alive and are no events', () => {
  expect(new EventStreamParser().push(': ping\n\n: ping\n\n')).toEqual([]);
});

test('an event without end does not fill the memory', () => {
  const parser = new EventStreamParser();
  expect(() => parser.push('x'.repeat(2_000_001))).toThrow('event too large');
});
