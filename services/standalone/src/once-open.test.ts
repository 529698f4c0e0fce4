import type { Scoring } from '@skyeye/bank-gateway';
import type { PeekReply, StreamEvent } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { onceOpen } from './once-open.ts';

const REPLY = { person: null, assessment: null } as unknown as PeekReply;
const EVENT = { stream: 'bank', id: 'q', t: 0 } as StreamEvent;

test('invariant 5: a hold question before the engine has opened is refused at once, later ones are answered', async () => {
  const opened = Promise.withResolvers<string>();
  const asked: string[] = [];
  let closed = 0;
  const scoring = onceOpen(opened.promise, (origin): Scoring => ({
    peek: async () => {
      asked.push(origin);
      return REPLY;
    },
    close: async () => void closed++,
  }));
  await expect(scoring.peek(EVENT, 100)).rejects.toMatchObject({ code: 'STANDALONE_ENGINE_STARTING', handling: 'retry' });
  opened.resolve('http://scorer');
  await opened.promise;
  expect(await scoring.peek(EVENT, 100)).toBe(REPLY);
  await scoring.close();
  expect([asked, closed]).toEqual([['http://scorer'], 1]);
});

test('what was closed before the engine opened stays closed', async () => {
  const opened = Promise.withResolvers<string>();
  let made = 0;
  const scoring = onceOpen(opened.promise, () => {
    made++;
    return { peek: async () => REPLY, close: async () => undefined };
  });
  await scoring.close();
  opened.resolve('http://scorer');
  await opened.promise;
  await expect(scoring.peek(EVENT, 100)).rejects.toMatchObject({ code: 'STANDALONE_ENGINE_STARTING' });
  expect(made).toBe(0);
});
