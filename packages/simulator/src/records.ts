import type { StreamName } from '@skyeye/contracts';
import { hashText } from './random.ts';

export type RawValue = string | number | boolean | null;
/** A raw record in its provider's shape: id, event time and the fields of the stream. */
export type Raw = { readonly id: string; readonly t: number } & Readonly<Record<string, RawValue>>;

/** A record on its way: the provider has made it; when it reaches us is decided by delivery. */
export interface Emission {
  readonly stream: StreamName;
  /** Keeps the records of one entity in order; derived from the identifier, which it does not show. */
  readonly key: string;
  readonly record: Raw;
}

export const keyOf = (identifier: string): string => `k${hashText(identifier).toString(36)}`;

export function emission(stream: StreamName, entity: string, record: Raw): Emission {
  return { stream, key: keyOf(entity), record };
}

export interface Party {
  readonly number: string;
  readonly kind: string;
  readonly cell?: string | null;
  readonly imei?: string | null;
  readonly region?: string | null;
  readonly signalling: boolean;
}

export interface CallFacts {
  readonly id: string;
  readonly startMs: number;
  readonly durationS: number;
  readonly answered: boolean;
  readonly ringS: number;
  readonly spoof?: boolean;
  readonly conf?: boolean;
}

/** The CDR of a call, made when it is released. */
export function callRecord(call: CallFacts, caller: Party, callee: Party): Emission {
  return emission('call', caller.number, {
    id: call.id,
    t: call.startMs + (call.answered ? call.durationS * 1000 : 0),
    caller: caller.number,
    callee: callee.number,
    answered: call.answered,
    dur_s: call.answered ? call.durationS : 0,
    ring_s: call.ringS,
    caller_kind: caller.kind,
    callee_kind: callee.kind,
    spoof: call.spoof ?? false,
    conf: call.conf ?? false,
    fwd: false,
    caller_cell: caller.cell ?? null,
    callee_cell: callee.cell ?? null,
    caller_imei: caller.imei ?? null,
    callee_imei: callee.imei ?? null,
    caller_region: caller.region ?? null,
    callee_region: callee.region ?? null,
  });
}

/** One signalling message of an answered call; nothing where neither party's operator delivers signalling. */
export function signal(
  call: { readonly id: string; readonly ev: 'begin' | 'end'; readonly tMs: number },
  caller: Party,
  callee: Party,
): Emission[] {
  if (!caller.signalling && !callee.signalling) return [];
  return [
    emission('callsig', caller.number, {
      id: `${call.id}${call.ev === 'begin' ? 'b' : 'e'}`,
      t: call.tMs,
      ev: call.ev,
      sid: call.id,
      caller: caller.number,
      callee: callee.number,
      caller_kind: caller.kind,
      callee_kind: callee.kind,
    }),
  ];
}

export interface FundSide {
  readonly no: string;
  readonly bank: string;
  readonly kind: string;
  readonly region: string;
  /** Balance after the payment; null where the provider does not tell. */
  readonly balFen: number | null;
  /** The provider delivers this account's records. */
  readonly seen: boolean;
  readonly device?: string | null;
}

export interface FundFacts {
  readonly txid: string;
  readonly tMs: number;
  readonly amtFen: number;
  readonly stream: 'bank' | 'pay';
  readonly scene: string;
  readonly chan: string;
  readonly purpose: string;
  readonly payroll?: boolean;
  readonly state?: 'ok' | 'fail';
  readonly merchant?: string | null;
}

const peerKind = (kind: string): string => (kind === 'payacct' ? 'personal' : kind);
const POSTING_MS = 2000;

/** The debit at the payer's provider and the credit at the payee's, each where it is seen. */
export function fundRecords(fund: FundFacts, payer: FundSide, payee: FundSide): Emission[] {
  const list: Emission[] = [];
  const side = (dir: 'out' | 'in', own: FundSide, peer: FundSide): Emission => {
    const record: Record<string, RawValue> & { id: string; t: number } = {
      id: `${fund.txid}${dir === 'out' ? 'o' : 'i'}`,
      t: fund.tMs + (dir === 'out' ? 0 : POSTING_MS),
      acct: own.no,
      device: own.device ?? null,
      ev: 'transfer',
      dir,
      peer: peer.no,
      amt: fund.amtFen,
      bal: own.balFen === null ? null : Math.max(0, own.balFen),
      st: dir === 'out' ? (fund.state ?? 'ok') : 'ok',
      chan: fund.chan,
      peer_kind: peerKind(peer.kind),
      peer_bank: peer.bank,
      peer_region: peer.region,
      delay: 'rt',
      purpose: fund.purpose,
      payroll: dir === 'in' && fund.payroll === true,
      txid: fund.txid,
      scene: fund.scene,
    };
    if (fund.stream === 'pay') record['merchant'] = fund.merchant ?? null;
    return emission(fund.stream, own.no, record);
  };
  if (payer.seen) list.push(side('out', payer, payee));
  if (payee.seen && fund.state !== 'fail') list.push(side('in', payee, payer));
  return list;
}
