import type { StreamEvent } from '@skyeye/contracts';
import { sealPiece, type CheckpointMark, type CheckpointPart } from '@skyeye/engine';
import { percentile } from '../row.ts';
import { countyOf, engineOf, foldMicroseconds } from './county.ts';
import type { Part } from './part.ts';

const RATE = 50_000;
/** Share of what this machine folds now that is offered to it where 50,000 are too many. */
const SUSTAINABLE = 0.5;
const QUESTIONS_PER_SECOND = 500;
/** Events folded before the loop looks around. */
const SLICE = 16;
const CHECKPOINT_EVERY_MS = 10_000;
/** A part of a checkpoint is made when there is nothing to fold, and at least so often. */
const PART_EVERY_MS = 200;

/** Questions and checkpoints while events are folded at a fixed rate. A question's time counts from when it was due. */
export const live: Part = {
  name: 'live',
  run({ seconds }) {
    const { references, events } = seconds < 1 ? countyOf(100, 2) : countyOf(3_000, 5, 300_000);
    const engine = engineOf(references);
    const warm = Math.floor(events.length / 3);
    foldMicroseconds(engine, events.slice(0, warm >> 1));
    // By the clock on the wall: what the machine leaves this process now.
    const [probe, probedMs] = [events.slice(warm >> 1, warm), performance.now()];
    foldMicroseconds(engine, probe);
    const perSecond = (probe.length * 1_000) / (performance.now() - probedMs);
    const rate = Math.min(RATE, Math.floor(perSecond * SUSTAINABLE));
    const questions = questionsOf(events);
    for (let index = warm - 200; index < warm; index++) engine.peek(questions(Math.max(0, index)));
    const tookUs: number[] = [];
    let [at, asked, longest, longestWhere] = [warm, 0, 0, 'nothing'];
    let mark: CheckpointMark | undefined;
    let parts: Generator<CheckpointPart, CheckpointMark> | undefined;
    let [checkpoints, nextCheckpointMs] = [0, Math.min(CHECKPOINT_EVERY_MS, seconds * 250)];
    let nextPartMs = 0;
    const encoder = new TextEncoder();
    const startMs = performance.now();
    let lastMs = startMs;
    const step = (where: string): void => {
      const nowMs = performance.now();
      if (nowMs - lastMs > longest) [longest, longestWhere] = [nowMs - lastMs, where];
      lastMs = nowMs;
    };
    while (performance.now() - startMs < seconds * 1_000 && at < events.length) {
      const sinceMs = performance.now() - startMs;
      const due = warm + Math.floor((sinceMs * rate) / 1_000);
      const until = Math.min(due, at + SLICE, events.length);
      for (; at < until; at++) engine.fold(events[at] as (typeof events)[number]);
      step('folding');
      const dueMs = (asked * 1_000) / QUESTIONS_PER_SECOND;
      if (performance.now() - startMs >= dueMs) {
        engine.peek(questions(at));
        tookUs.push((performance.now() - startMs - dueMs) * 1_000);
        asked += 1;
        step('a question');
      }
      if (parts === undefined && sinceMs >= nextCheckpointMs) {
        parts = engine.checkpoint(mark);
        nextCheckpointMs = sinceMs + CHECKPOINT_EVERY_MS;
        nextPartMs = sinceMs;
      } else if (parts !== undefined && (at >= due || sinceMs >= nextPartMs)) {
        nextPartMs = sinceMs + PART_EVERY_MS;
        const { value, done } = parts.next();
        if (done === true) [mark, parts, checkpoints] = [value, undefined, checkpoints + 1];
        else sealPiece(encoder.encode(JSON.stringify(value)), { checkpoint: checkpoints + 1, piece: 0 });
        step('a part of a checkpoint');
      }
    }
    const tookMs = performance.now() - startMs;
    const said = `at ${rate.toLocaleString('en-US')} events/s`;
    return [
      {
        name: 'engine: rate while asked and checkpointed',
        value: ((at - warm) / tookMs) * 1_000,
        unit: 'events/s',
        ratio: null,
        aim: RATE,
        less: false,
      },
      {
        name: `engine: hold question ${said}, from when it was due, p50`,
        value: percentile(tookUs, 0.5),
        unit: 'µs',
        ratio: null,
        aim: 100,
        less: true,
      },
      {
        name: `engine: hold question ${said}, from when it was due, p99`,
        value: percentile(tookUs, 0.99),
        unit: 'µs',
        ratio: null,
        aim: 1_000,
        less: true,
      },
      {
        name: `engine: longest pause in ${(tookMs / 1_000).toFixed(0)} s ${said}, ${checkpoints} checkpoints, in ${longestWhere}`,
        value: longest,
        unit: 'ms',
        ratio: null,
        aim: 50,
        less: true,
      },
    ];
  },
};

/** What a bank asks at a place in the events: the next payment that goes out, now and not yet made. */
function questionsOf(events: readonly StreamEvent[]): (at: number) => StreamEvent {
  const next = new Int32Array(events.length + 1);
  let payment = events.findLastIndex((event) => event.stream === 'bank' && event['dir'] === 'out');
  if (payment < 0) throw new Error('no payment goes out in this county');
  for (let index = events.length; index >= 0; index--) {
    const event = events[index];
    if (event?.stream === 'bank' && event['dir'] === 'out') payment = index;
    next[index] = payment;
  }
  return (at) => {
    const event = events[next[at] as number] as StreamEvent;
    return { ...event, id: `${event.id}?`, t: Math.max(event.t, (events[Math.min(at, events.length - 1)] as StreamEvent).t) };
  };
}
