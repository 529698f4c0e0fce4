import type { Fields } from '../field.ts';
import { z } from 'zod';
import { MINUTE_MS, recordId, recordTime, type RawRecord, type SourceEntry, type StreamEvent } from '../source.ts';

const fields = {
  ev: { type: 'enum', values: ['begin', 'end'], origin: 'R', nullable: false, says: 'call answered / call released' },
  sid: { type: 'id', of: 'session', origin: 'R', nullable: false, says: 'call session id' },
  dir: { type: 'enum', values: ['in', 'out'], origin: 'R', nullable: false, says: 'direction' },
  peer: { type: 'id', of: 'phone', origin: 'R', nullable: false, says: 'other party' },
  cli_kind: {
    type: 'enum',
    values: ['mobile', 'fixed', 'intl', 'hmt', 'svc95', 'svc400', 'virtual', 'short', 'police', 'unknown'],
    origin: 'R',
    nullable: false,
    says: 'as in call',
  },
  np180: { type: 'bool', origin: 'S', nullable: true, says: 'as in call' },
  rel: { type: 'enum', values: ['self', 'kin', 'none', 'unknown'], origin: 'S', nullable: true, says: 'as in call' },
  stranger: { type: 'bool', origin: 'D', nullable: true, says: 'as in call' },
} satisfies Fields;

const party = z.string().regex(/^[+0-9A-Za-z*#]{2,32}$/, 'a number has 2 to 32 digits or letters');
const lineKind = z.enum(fields.cli_kind.values);

/** One signalling message: the call `sid` was answered (begin) or released (end) at `t`. */
const raw = z.strictObject({
  id: recordId,
  t: recordTime,
  ev: z.enum(['begin', 'end']),
  sid: z.string().min(1).max(96),
  caller: party,
  callee: party,
  caller_kind: lineKind,
  callee_kind: lineKind,
}) as unknown as z.ZodType<RawRecord>;

/** Both parties get the message as their own event. */
function normalise(message: RawRecord): readonly StreamEvent[] {
  const side = (dir: 'out' | 'in', ego: 'caller' | 'callee', peer: 'caller' | 'callee'): StreamEvent => ({
    stream: 'callsig',
    id: `S01:${message.id}:${dir === 'out' ? 'o' : 'i'}`,
    t: message.t,
    phone: message[ego],
    dir,
    ev: message['ev'],
    sid: message['sid'],
    peer: message[peer],
    cli_kind: message[`${peer}_kind`],
  });
  return [side('out', 'caller', 'callee'), side('in', 'callee', 'caller')];
}

/** S01 呼叫信令(开始/结束). DOMAIN §3 and annex A. */
export const callsig: SourceEntry = {
  stream: 'callsig',
  source: 'S01',
  name: { zh: '呼叫信令(开始/结束)', en: 'Call signalling' },
  timeMeans: 't = signalling time; optional feed, coverage-gated',
  coverageGated: true,
  delay: { p50Ms: 2_000, p99Ms: 30_000, allowedLatenessMs: 2 * MINUTE_MS },
  ego: ['phone'],
  fields,
  raw,
  normalise,
};
