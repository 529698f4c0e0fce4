import type { ActivityLine, Counters, Incident, StreamMessage } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { EMPTY_FEED, withIncident, withList, withMessages } from './feed-state.ts';

const row = (id: string, version: number): Incident => ({ id, version }) as Incident;
const message = (seq: number, id: string, version: number): StreamMessage => ({ type: 'incident', seq, incident: row(id, version) });

test('a message said twice counts once', () => {
  const once = withMessages(EMPTY_FEED, [message(1, 'a', 1), message(2, 'a', 2)], 0);
  const again = withMessages(once, [message(1, 'a', 1), message(2, 'a', 2)], 0);
  expect(again.incidents.get('a')?.version).toBe(2);
  expect(again.seq).toBe(2);
  expect(again.incidents).toBe(once.incidents);
});

test('an older version never replaces a newer one', () => {
  const answered = withIncident(EMPTY_FEED, row('a', 5));
  expect(withMessages(answered, [message(9, 'a', 4)], 0).incidents.get('a')?.version).toBe(5);
  expect(withIncident(answered, row('a', 5))).toBe(answered);
});

test('the clock is taken although it repeats a sequence', () => {
  const state = withMessages({ ...EMPTY_FEED, seq: 9 }, [{ type: 'clock', seq: 9, countyMs: 1, wallMs: 2, speed: 3 }], 7);
  expect(state.clock?.speed).toBe(3);
  expect(state.clockReceivedMs).toBe(7);
});

test('the activity starts with what was done before, and a list loaded anew doubles no line', () => {
  const line = (seq: number): ActivityLine => ({ action: { seq }, subjectName: '王*兰' }) as unknown as ActivityLine;
  const list = (feedSeq: number, ...seqs: number[]) => ({ incidents: [], counters: {} as Counters, recent: seqs.map(line), feedSeq });
  const seqs = (state: typeof EMPTY_FEED): number[] => state.lines.map(({ action }) => action.seq);
  const first = withList(EMPTY_FEED, list(9, 3, 2, 1));
  expect(seqs(first)).toEqual([3, 2, 1]);
  const later = withMessages(first, [{ type: 'action', seq: 12, ...line(4) }], 0);
  expect(seqs(later)).toEqual([4, 3, 2, 1]);
  expect(seqs(withList(later, list(18, 6, 4, 3)))).toEqual([6, 4, 3, 2, 1]);
});
