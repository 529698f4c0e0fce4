import type { FieldTask } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import type { Queued, Verb } from './outbox.ts';
import { withPending } from './pending.ts';

const task = (state: FieldTask['state']): FieldTask =>
  ({ id: 't1', state, acceptedMs: null, arrivedMs: null, metMs: null, resultedMs: null }) as unknown as FieldTask;
const queued = (verb: Verb, atMs: number, taskId = 't1'): Queued => ({
  clientId: `${verb}-${atMs}`,
  account: 'a',
  taskId,
  verb,
  order: atMs,
  body: { clientId: 'c', atMs, lon: null, lat: null },
});

test('what was done offline shows at once, in the order it was done', () => {
  const seen = withPending(task('sent'), [queued('accept', 1), queued('arrive', 2), queued('request-stop', 3)]);
  expect([seen.state, seen.acceptedMs, seen.arrivedMs]).toEqual(['arrived', 1, 2]);
});

test('what the server knows better stays', () => {
  expect(withPending(task('met'), [queued('arrive', 2)]).state).toBe('met');
  expect(withPending(task('cancelled'), [queued('meet', 2)]).state).toBe('cancelled');
  expect(withPending(task('sent'), [queued('accept', 1, 'other')]).state).toBe('sent');
});
