import { TIME_MAX_MS, type Fields } from '../field.ts';
import { z } from 'zod';
import { HOUR_MS, MINUTE_MS, recordId, recordTime, type RawRecord, type SourceEntry, type StreamEvent } from '../source.ts';

const fields = {
  dir: {
    type: 'enum',
    values: ['in', 'out'],
    origin: 'R',
    nullable: false,
    says: 'direction seen from the ego phone; one CDR yields two ego events when both parties are in scope',
  },
  peer: { type: 'id', of: 'phone', origin: 'R', nullable: false, says: 'other party number, normalised E.164' },
  answered: { type: 'bool', origin: 'R', nullable: false, says: 'answered' },
  dur_s: { type: 'int', unit: 's', min: 0, max: 604_800, origin: 'R', nullable: false, says: 'conversation seconds, 0 if not answered' },
  ring_s: { type: 'int', unit: 's', min: 0, max: 3600, origin: 'R', nullable: true, says: 'ringing seconds, nullable' },
  start_t: { type: 'ms', unit: 'ms', min: 0, max: TIME_MAX_MS, origin: 'D', nullable: true, says: 't - dur_s*1000' },
  cli_kind: {
    type: 'enum',
    values: ['mobile', 'fixed', 'intl', 'hmt', 'svc95', 'svc400', 'virtual', 'short', 'police', 'unknown'],
    origin: 'R',
    nullable: false,
    says: 'class of the peer number / calling line',
  },
  spoof: { type: 'bool', origin: 'R', nullable: true, says: 'gateway marks the caller id as altered / non-standard' },
  conf: { type: 'bool', origin: 'R', nullable: true, says: '>=3 parties' },
  fwd: { type: 'bool', origin: 'R', nullable: true, says: 'call was forwarded' },
  cell: { type: 'id', of: 'cell', origin: 'R', nullable: true, says: 'serving cell of ego, nullable' },
  imei: { type: 'id', of: 'device', origin: 'R', nullable: true, says: 'IMEI of ego, nullable' },
  peer_region: { type: 'str', origin: 'R', nullable: true, says: "peer number home region (adcode, 6 digits; 'overseas')" },
  dial: {
    type: 'int',
    unit: 'number',
    min: 0,
    max: 99_999_999_999,
    origin: 'R',
    nullable: true,
    says: 'dir=out: the dialled number shifted by a secret amount of this caller and day; differences between the numbers of one caller and day are true. Made at the tokenising border, never sent by a provider',
  },
  np180: { type: 'bool', origin: 'S', nullable: true, says: 'no call/sms between ego phone and peer in (t-180d, t-24h]' },
  rel: {
    type: 'enum',
    values: ['self', 'kin', 'none', 'unknown'],
    origin: 'S',
    nullable: true,
    says: 'relation of peer owner to ego person',
  },
  stranger: { type: 'bool', origin: 'D', nullable: true, says: 'rel in {none,unknown}' },
  peer_age_d: {
    type: 'num',
    unit: 'd',
    min: -36_500,
    max: 36_500,
    origin: 'S',
    nullable: true,
    says: "days from the peer number's activation to t; null if unknown",
  },
  peer_black: {
    type: 'int',
    unit: 'level',
    min: 0,
    max: 3,
    origin: 'S',
    nullable: true,
    says: 'highest valid intel level on the peer number at t, 0 if none',
  },
  peer_goip: { type: 'bool', origin: 'S', nullable: true, says: 'a goip event on the peer number exists in (t-7d, t]' },
  peer_fan24: {
    type: 'int',
    unit: 'count',
    min: 0,
    max: 1_000_000_000,
    origin: 'S',
    nullable: true,
    says: 'distinct callees of the peer number in (t-24h, t], this call included',
  },
} satisfies Fields;

const party = z.string().regex(/^[+0-9A-Za-z*#]{2,32}$/, 'a number has 2 to 32 digits or letters');
const lineKind = z.enum(fields.cli_kind.values);

/** One CDR. `t` is the release time; numbers in E.164 or as the gateway shows them. */
const raw = z.strictObject({
  id: recordId,
  t: recordTime,
  caller: party,
  callee: party,
  answered: z.boolean(),
  dur_s: z.int().min(0).max(604_800),
  ring_s: z.int().min(0).max(3600).nullable().optional(),
  caller_kind: lineKind,
  callee_kind: lineKind,
  spoof: z.boolean().default(false),
  conf: z.boolean().default(false),
  fwd: z.boolean().default(false),
  caller_cell: z.string().max(64).nullable().optional(),
  callee_cell: z.string().max(64).nullable().optional(),
  caller_imei: z.string().max(64).nullable().optional(),
  callee_imei: z.string().max(64).nullable().optional(),
  caller_region: z.string().max(16).nullable().optional(),
  callee_region: z.string().max(16).nullable().optional(),
}) as unknown as z.ZodType<RawRecord>;

/** Both parties get the call as their own event. The caller's side carries `:o`, the callee's `:i`. */
function normalise(cdr: RawRecord): readonly StreamEvent[] {
  const side = (dir: 'out' | 'in', ego: 'caller' | 'callee', peer: 'caller' | 'callee'): StreamEvent => ({
    stream: 'call',
    id: `S01:${cdr.id}:${dir === 'out' ? 'o' : 'i'}`,
    t: cdr.t,
    phone: cdr[ego],
    device: cdr[`${ego}_imei`] ?? null,
    dir,
    peer: cdr[peer],
    answered: cdr['answered'],
    dur_s: cdr['answered'] === true ? cdr['dur_s'] : 0,
    ring_s: cdr['ring_s'] ?? null,
    start_t: cdr.t - (cdr['answered'] === true ? Number(cdr['dur_s']) * 1000 : 0),
    cli_kind: cdr[`${peer}_kind`],
    spoof: cdr['spoof'],
    conf: cdr['conf'],
    fwd: cdr['fwd'],
    cell: cdr[`${ego}_cell`] ?? null,
    imei: cdr[`${ego}_imei`] ?? null,
    peer_region: cdr[`${peer}_region`] ?? null,
  });
  return [side('out', 'caller', 'callee'), side('in', 'callee', 'caller')];
}

/** S01 语音话单(含国际来话关口局). DOMAIN §3 and annex A. */
export const call: SourceEntry = {
  stream: 'call',
  source: 'S01',
  name: { zh: '语音话单(含国际来话关口局)', en: 'Call records' },
  timeMeans: 't = call release time (CDR close); start_t = t - dur_s*1000',
  coverageGated: false,
  delay: { p50Ms: 5 * MINUTE_MS, p99Ms: 60 * MINUTE_MS, allowedLatenessMs: 2 * HOUR_MS },
  ego: ['phone', 'device'],
  fields,
  raw,
  normalise,
};
