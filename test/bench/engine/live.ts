import { serialize } from 'node:v8';
import type { StreamEvent } from '@skyeye/contracts';
import { sealPiece, type CheckpointMark, type CheckpointPart } from '@skyeye/engine';
import { percentile, type Row } from '../row.ts';
import { countyOf, DAY_MS, engineOf, foldMicroseconds } from './county.ts';
import type { Part } from './part.ts';

const RATE = 50_000;
/** Share of what this machine folds now that is offered to it at first where 50,000 are too many. */
const FIRST = 0.9;
/** What is offered falls by so much whenever folding is behind by so many milliseconds, which is looked at twice a second. */
const FALL = 0.9;
const BEHIND_MS = 100;
const LOOK_EVERY_MS = 500;
const QUESTIONS_PER_SECOND = 500;
/** Events folded before the loop looks around. */
const SLICE = 16;
const CHECKPOINT_EVERY_MS = 10_000;
/** A part of a checkpoint is made when there is nothing to fold, and at least so often. */
const PART_EVERY_MS = 200;

/** The longest of some times, and where it was. */
class Longest {
  ms = 0;
  where = 'nothing';

  saw(ms: number, where: string): void {
    if (ms > this.ms) [this.ms, this.where] = [ms, where];
  }
}

/** This thread's own time, to a tick of the scheduler (some ms): too coarse for a question, enough for a pause. */
const ownMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/**
 * Questions and checkpoints while events are folded at 50,000/s, or at the highest rate that this machine keeps up with. A
 * question's time counts from when it was due. The longest pause is by the clock on the wall, and by this thread's own besides:
 * on a machine that others use the first is mostly waiting for a core.
 */
export const live: Part = {
  name: 'live',
  run({ seconds }) {
    const days = seconds < 1 ? 2 : 5;
    const { references, events } = seconds < 1 ? countyOf(100, days) : countyOf(3_000, days, 300_000);
    const engine = engineOf(references);
    const warm = Math.floor(events.length / 3);
    foldMicroseconds(engine, events.slice(0, warm >> 1));
    // By the clock on the wall: what the machine leaves this process now.
    const [probe, probedMs] = [events.slice(warm >> 1, warm), performance.now()];
    foldMicroseconds(engine, probe);
    const perSecond = (probe.length * 1_000) / (performance.now() - probedMs);
    let rate = Math.min(RATE, Math.floor(perSecond * FIRST));
    const questions = questionsOf(events);
    for (let index = warm - 200; index < warm; index++) engine.peek(questions(Math.max(0, index)));
    const span = days * DAY_MS;
    /** The days come again, later each time. */
    const eventAt = (index: number): StreamEvent => {
      const event = events[index % events.length] as StreamEvent;
      const round = Math.floor(index / events.length);
      return round === 0 ? event : { ...event, id: `${event.id}#${round}`, t: event.t + round * span };
    };
    const questionAt = (index: number): StreamEvent => {
      const question = questions(index % events.length);
      return { ...question, t: question.t + Math.floor(index / events.length) * span };
    };
    const tookUs: number[] = [];
    const [pause, own] = [new Longest(), new Longest()];
    let [at, asked] = [warm, 0];
    let mark: CheckpointMark | undefined;
    let parts: Generator<CheckpointPart, CheckpointMark> | undefined;
    let [checkpoints, nextCheckpointMs] = [0, Math.min(CHECKPOINT_EVERY_MS, seconds * 250)];
    let nextPartMs = 0;
    const startMs = performance.now();
    let [lastMs, lastOwnMs] = [startMs, ownMs()];
    const step = (where: string): void => {
      const [nowMs, nowOwnMs] = [performance.now(), ownMs()];
      pause.saw(nowMs - lastMs, where);
      own.saw(nowOwnMs - lastOwnMs, where);
      [lastMs, lastOwnMs] = [nowMs, nowOwnMs];
    };
    // What is due is counted from the last change of the rate.
    let [fromMs, from, lookMs] = [0, warm, LOOK_EVERY_MS];
    for (let sinceMs = 0; sinceMs < seconds * 1_000; sinceMs = performance.now() - startMs) {
      const due = from + Math.floor(((sinceMs - fromMs) * rate) / 1_000);
      for (const until = Math.min(due, at + SLICE); at < until; at++) engine.fold(eventAt(at));
      step('folding');
      if (sinceMs >= lookMs) {
        lookMs = sinceMs + LOOK_EVERY_MS;
        if (due - at > (rate * BEHIND_MS) / 1_000) [rate, from, fromMs] = [Math.max(100, Math.floor(rate * FALL)), at, sinceMs];
      }
      const dueMs = (asked * 1_000) / QUESTIONS_PER_SECOND;
      if (performance.now() - startMs >= dueMs) {
        engine.peek(questionAt(at));
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
        else sealPiece(serialize(value), { checkpoint: checkpoints + 1, piece: 0 });
        step('a part of a checkpoint');
      }
    }
    const tookMs = performance.now() - startMs;
    const reached = ((at - warm) / tookMs) * 1_000;
    const said = `at ${Math.round(reached).toLocaleString('en-US')} events/s`;
    const ran = `${(tookMs / 1_000).toFixed(0)} s ${said}, ${checkpoints} checkpoints`;
    // A few events less than due at the end are no other rate.
    const eased = reached >= 0.99 * RATE ? {} : { eased: `${said}, the aim is for ${RATE.toLocaleString('en-US')}` };
    const row = (name: string, value: number, unit: 'µs' | 'ms', aim: number): Row => ({
      name: `engine: ${name}`,
      value,
      unit,
      ratio: null,
      aim,
      less: true,
      ...eased,
    });
    return [
      { name: 'engine: rate while asked and checkpointed', value: reached, unit: 'events/s', ratio: null, aim: 0.99 * RATE, less: false },
      row(`hold question ${said}, from when it was due, p50`, percentile(tookUs, 0.5), 'µs', 100),
      row(`hold question ${said}, from when it was due, p99`, percentile(tookUs, 0.99), 'µs', 1_000),
      row(`longest pause in ${ran}, in ${pause.where}`, pause.ms, 'ms', 50),
      row(`longest pause by this thread's own time in ${ran}, in ${own.where}`, own.ms, 'ms', 50),
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
