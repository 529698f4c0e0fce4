import { z } from 'zod';
import { ID_PATTERN, TIME_MAX_MS, type IdKind } from './field.ts';
import { recordId, STREAM_NAMES } from './source.ts';
import { DIMS } from './event.ts';

/**
 * Reference data: what a bureau loads on its first day and keeps up afterwards. Written to `raw.reference` with clear
 * identifiers, on `reference` with tokens. Every link has a validity interval [fromMs, toMs).
 */
const id = z.string().regex(ID_PATTERN);
const ms = z.int().min(-TIME_MAX_MS).max(TIME_MAX_MS);
const validity = { fromMs: ms.default(0), toMs: ms.default(TIME_MAX_MS) };
const region = z.string().max(16).nullable().default(null);

export const referenceKinds = {
  /** A resident. Name, address and identity number go to the vault; nothing of them is on `reference`. */
  person: z.strictObject({
    id: recordId,
    kind: z.literal('person'),
    person: id,
    name: z.string().max(100).nullable().default(null),
    address: z.string().max(200).nullable().default(null),
    sex: z.enum(['m', 'f']).nullable().default(null),
    bornYear: z.int().min(1900).max(2100).nullable().default(null),
    occ: z.enum(DIMS.occ.values).nullable().default(null),
    liveAlone: z.boolean().nullable().default(null),
    antifraudApp: z.boolean().nullable().default(null),
    /** Codes of the county's geography, see packages/geo. */
    community: z.string().max(32).nullable().default(null),
    grid: z.string().max(32).nullable().default(null),
    lon: z.number().min(-180).max(180).nullable().default(null),
    lat: z.number().min(-90).max(90).nullable().default(null),
    /** Registered in this county 户籍. Says whether people are treated alike; no feature and no model has it. */
    local: z.boolean().nullable().optional(),
    ...validity,
  }),
  /** A number and its owner. `person` null: known number without a registered owner in reach. */
  phone: z.strictObject({
    id: recordId,
    kind: z.literal('phone'),
    phone: id,
    person: id.nullable().default(null),
    lineKind: z.string().max(16).default('mobile'),
    region,
    openedMs: ms.nullable().default(null),
    ownerNumCnt: z.int().min(0).default(1),
    iot: z.boolean().default(false),
    fullView: z.boolean().default(false),
    /** Coverage-gated streams that are observed for this number. */
    covered: z.array(z.enum(STREAM_NAMES)).default([]),
    ...validity,
  }),
  acct: z.strictObject({
    id: recordId,
    kind: z.literal('acct'),
    acct: id,
    person: id.nullable().default(null),
    bank: z.string().max(32).nullable().default(null),
    acctKind: z.enum(['personal', 'corp', 'merchant', 'payinst', 'otc', 'gov', 'payacct', 'unknown']).default('personal'),
    acctClass: z.enum(['I', 'II', 'III', 'corp', 'pay']).default('I'),
    region,
    openedMs: ms.nullable().default(null),
    fullView: z.boolean().default(false),
    regionRisk: z.int().min(0).max(3).default(0),
    ...validity,
  }),
  /** Household or kin register; symmetric. `relation` as seen from `person`, in Chinese, e.g. 儿子. */
  kin: z.strictObject({ id: recordId, kind: z.literal('kin'), person: id, kin: id, relation: z.string().max(16).nullable().default(null) }),
  /** Last call or SMS of a pair, both directions. */
  contact: z.strictObject({ id: recordId, kind: z.literal('contact'), phone: id, peer: id, lastMs: ms }),
  /** Last live payment of a pair, as seen from `acct`. */
  payee: z.strictObject({ id: recordId, kind: z.literal('payee'), acct: id, peer: id, dir: z.enum(['in', 'out']), lastMs: ms }),
  /** Last successful login of an account from a device. */
  device: z.strictObject({ id: recordId, kind: z.literal('device'), acct: id, device: id, lastMs: ms }),
  /** Last use of an app (or, with `tool`, of a screen sharing tool) on a phone. */
  app: z.strictObject({ id: recordId, kind: z.literal('app'), phone: id, pkg: id, tool: z.boolean().default(false), lastMs: ms }),
  domain: z.strictObject({ id: recordId, kind: z.literal('domain'), domain: id, registeredMs: ms }),
  merchant: z.strictObject({ id: recordId, kind: z.literal('merchant'), merchant: id, openedMs: ms }),
  /** A record of a stream from before the first day: folded, never evaluated. `record` has the stream's raw shape. */
  history: z.strictObject({
    id: recordId,
    kind: z.literal('history'),
    stream: z.enum(STREAM_NAMES),
    record: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  }),
} as const;

export type ReferenceKind = keyof typeof referenceKinds;
export const rawReference = z.discriminatedUnion('kind', [
  referenceKinds.person,
  referenceKinds.phone,
  referenceKinds.acct,
  referenceKinds.kin,
  referenceKinds.contact,
  referenceKinds.payee,
  referenceKinds.device,
  referenceKinds.app,
  referenceKinds.domain,
  referenceKinds.merchant,
  referenceKinds.history,
]);
export type RawReference = z.infer<typeof rawReference>;
export type RawReferenceInput = z.input<typeof rawReference>;

/** Which fields of a reference record are identifiers, and of what kind: ingest tokenises the personal ones. */
export const REFERENCE_IDS: Readonly<Record<Exclude<ReferenceKind, 'history'>, Readonly<Record<string, IdKind>>>> = {
  person: { person: 'person' },
  phone: { phone: 'phone', person: 'person' },
  acct: { acct: 'acct', person: 'person' },
  kin: { person: 'person', kin: 'person' },
  contact: { phone: 'phone', peer: 'phone' },
  payee: { acct: 'acct', peer: 'acct' },
  device: { acct: 'acct', device: 'device' },
  app: { phone: 'phone', pkg: 'pkg' },
  domain: { domain: 'domain' },
  merchant: { merchant: 'merchant' },
};

/** On `reference`: tokens in place of identifiers, no name, no address; history as the stream's events. */
export type Reference =
  | Exclude<RawReference, { kind: 'history' } | { kind: 'person' }>
  | Omit<Extract<RawReference, { kind: 'person' }>, 'name' | 'address'>
  | { readonly id: string; readonly kind: 'history'; readonly event: import('./source.ts').StreamEvent };
