import { SCAMS, type Scam } from '@skyeye/contracts';
import { z } from 'zod';
import { contentHash } from './content-hash.ts';
import { GROUPS, type GroupCode } from './entry.ts';
import { errors } from './errors.ts';
import data from './generated/rules.json' with { type: 'json' };

const RISK_GROUPS = GROUPS.filter((group) => group !== 'N');
const perGroup = z.strictObject(Object.fromEntries(RISK_GROUPS.map((group) => [group, z.number().min(0).max(30)])));

const scoring = z.strictObject({
  caps: perGroup,
  factors: perGroup,
  mitigation: z.strictObject({ shareMax: z.number().min(0).max(1), weightPoints: z.number().min(0).max(10) }),
  memoryMinutes: z.int().min(1).max(1440),
  logistic: z.strictObject({ even: z.number(), width: z.number().positive() }),
  modelShare: z.number().min(0).max(1),
});
const loss = z.strictObject({ yuan: z.int().min(0), minutesToOutflow: z.int().min(1) });
const losses = z.strictObject(Object.fromEntries(Object.keys(SCAMS).map((name) => [name, loss])));
const rulesData = z.strictObject({ note: z.string(), scoring, losses });

/** The first rules, as data. */
export interface Rules {
  /** Names the content. */
  readonly version: string;
  /** Points that one group of features may bring at most, and how much a point of weight counts in it. */
  readonly caps: Readonly<Record<GroupCode, number>>;
  readonly factors: Readonly<Record<GroupCode, number>>;
  readonly mitigation: { readonly shareMax: number; readonly weightPoints: number };
  /** How long a signal lives on after it fired last. */
  readonly memoryMs: number;
  readonly logistic: { readonly even: number; readonly width: number };
  /** Part of the model in the mixed score, 0..1. */
  readonly modelShare: number;
  readonly losses: Readonly<Record<Scam, { readonly fen: number; readonly msToOutflow: number }>>;
}

let loaded: Rules | undefined;

/** The rules of this release. @throws CATALOGUE_ENTRY_INVALID */
export function loadRules(): Rules {
  loaded ??= readRules(data);
  return loaded;
}

export function readRules(raw: unknown): Rules {
  const read = rulesData.safeParse(raw);
  if (!read.success) throw errors.entryInvalid({ reason: z.prettifyError(read.error) });
  const { scoring: rules, losses: table } = read.data;
  return Object.freeze({
    version: contentHash(JSON.stringify(read.data)),
    caps: { ...rules.caps, N: 0 } as Record<GroupCode, number>,
    factors: { ...rules.factors, N: 0 } as Record<GroupCode, number>,
    mitigation: rules.mitigation,
    memoryMs: rules.memoryMinutes * 60_000,
    logistic: rules.logistic,
    modelShare: rules.modelShare,
    losses: Object.fromEntries(
      Object.entries(table).map(([name, entry]) => [
        name,
        { fen: (entry as { yuan: number }).yuan * 100, msToOutflow: (entry as { minutesToOutflow: number }).minutesToOutflow * 60_000 },
      ]),
    ) as Record<Scam, { fen: number; msToOutflow: number }>,
  });
}
