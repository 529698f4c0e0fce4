import { SCAMS, SUBJECT_ACTIONS, type Bilingual, type Level, type Scam, type SubjectAction, type SubjectKind } from '@skyeye/contracts';
import { LanguageError, parseCondition, type Condition } from '@skyeye/language';
import { z } from 'zod';
import { contentHash } from './content-hash.ts';
import { GROUPS, type GroupCode } from './entry.ts';
import { errors } from './errors.ts';
import { HOLD_FACTS, LEVEL_FACTS, SUBJECT_FACTS } from './policy-facts.ts';
import data from './generated/policies.json' with { type: 'json' };

const RISK_GROUPS = GROUPS.filter((group) => group !== 'N');
const perGroup = z.strictObject(Object.fromEntries(RISK_GROUPS.map((group) => [group, z.number().min(0).max(30)])));

/** Straight lines between points; both ascend. */
const curve = z
  .array(z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]))
  .min(2)
  .refine(
    (points) => points.every(([from, to], at) => at === 0 || (from > (points[at - 1]?.[0] ?? 1) && to >= (points[at - 1]?.[1] ?? 1))),
    'points of a curve ascend',
  );

const scoring = z.strictObject({
  caps: perGroup,
  factors: perGroup,
  mitigation: z.strictObject({ shareMax: z.number().min(0).max(1), weightPoints: z.number().min(0).max(10) }),
  memoryMinutes: z.int().min(1).max(1440),
  logistic: z.strictObject({ even: z.number(), width: z.number().positive() }),
  modelShare: z.number().min(0).max(1),
  calibration: z.strictObject({ mixed: curve, rules: curve }),
});
const loss = z.strictObject({ yuan: z.int().min(0), minutesToOutflow: z.int().min(1) });
const losses = z.strictObject(Object.fromEntries(Object.keys(SCAMS).map((name) => [name, loss])));
const share = z.number().min(0).max(1);
const urgency = z.strictObject({
  pending: share,
  sharing: share,
  calling: share,
  justPaid: share,
  quiet: share,
  halfLifeMinutes: z.number().positive(),
});
const budget = z.strictObject({
  spansHours: z.array(z.number().positive()).min(1).max(4),
  firstHours: z.number().positive(),
  stepMinutes: z.int().min(1),
  factorMax: z.number().gt(1),
  leastYuan: z.int().min(1),
  mostYuan: z.int().min(1),
});
const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const levelRow = z.strictObject({ level: z.enum(['P1', 'P2', 'P3', 'P4']), when: z.string(), says: bilingual });
const holdRow = z.strictObject({
  outcome: z.enum(['delay', 'hold', 'fuse']),
  reasonCode: z.string().regex(/^\d{4}$/),
  reason: bilingual,
  when: z.string(),
  risk: share,
  limited: z.boolean().default(false),
  insists: z.enum(['release', 'delay']).default('release'),
});
const yuan = z.number().min(0);
const spared = z.strictObject({ reasonCode: z.string().regex(/^0\d{3}$/), reason: bilingual });
const disturbance = z.strictObject({
  costsYuan: z.strictObject({ delay: yuan, hold: yuan, fuse: yuan }),
  limits: z.strictObject({ customerPerDay: z.int().min(1), countyPerDay: z.int().min(1) }),
  spared: z.strictObject({ cost: spared, limit: spared }),
});
const actions = z.array(z.enum(SUBJECT_ACTIONS)).min(1);
const ofSubject = z.strictObject({
  levels: z.array(levelRow).min(1),
  actions: z.strictObject({ P1: actions, P2: actions, P3: actions, P4: actions }),
});
const minutes = z.int().min(1).max(10_080);
const subject = z.strictObject({
  memoryHours: z.number().positive().max(168),
  episodeHours: z.number().positive().max(720),
  judgeAgainMinutes: minutes,
  counterpartMinutes: z.strictObject({ account: minutes, number: minutes }),
  logistic: z.strictObject({ even: z.number(), width: z.number().positive() }),
  account: ofSubject,
  number: ofSubject,
});
const policiesData = z.strictObject({
  note: z.string(),
  scoring,
  losses,
  urgency,
  budget,
  level: z.array(levelRow).min(1),
  hold: z.array(holdRow).min(1),
  disturbance,
  subject,
});

/** A level and when a person has it, over `LEVEL_FACTS`. */
export interface LevelRow {
  readonly level: Level;
  readonly when: Condition;
  readonly says: Bilingual;
}

/** An answer about a pending payment and when it is given, over `HOLD_FACTS`. */
export interface HoldRow {
  readonly outcome: 'delay' | 'hold' | 'fuse';
  /** Stable and numeric. 3xxx is said of the payee, 7xxx of the customer's state. */
  readonly reasonCode: string;
  readonly reason: Bilingual;
  readonly when: Condition;
  /** How often a payment of this row is one of a fraud, 0..1, where nothing is known of the payer. */
  readonly risk: number;
  /** Ends at the limits of the day. */
  readonly limited: boolean;
  /** What a bank does with a held payment whose customer insists after the three checks: let it go, or with 24 hours' delay. */
  readonly insists: 'release' | 'delay';
}

/** What disturbing a customer costs, and how often it may be done. */
export interface Disturbance {
  readonly costsFen: Readonly<Record<HoldRow['outcome'], number>>;
  /** In any 24 hours: of one customer, and of all by limited rows. */
  readonly customerPerDay: number;
  readonly countyPerDay: number;
  /** The answer where a row held but was not worth it, or a limit was reached. */
  readonly spared: Readonly<Record<'cost' | 'limit', { readonly reasonCode: string; readonly reason: Bilingual }>>;
}

/** Points [evidence, probability], both ascending; straight between them, flat outside. */
export type Curve = readonly (readonly [from: number, to: number])[];

/** The probability at some evidence. Never falls where the evidence rises. */
export function onCurve(curve: Curve, evidence: number): number {
  let at = 0;
  while (at < curve.length && (curve[at]?.[0] ?? 0) < evidence) at++;
  const [upper, lower] = [curve[at], curve[at - 1]];
  if (lower === undefined) return curve[0]?.[1] ?? 0;
  if (upper === undefined) return lower[1];
  return lower[1] + ((upper[1] - lower[1]) * (evidence - lower[0])) / (upper[0] - lower[0]);
}

/** How scores come about and what follows from them, as data. */
export interface Policies {
  /** Names the content. */
  readonly version: string;
  /** Points that one group of features may bring at most, and how much a point of weight counts in it. */
  readonly caps: Readonly<Record<GroupCode, number>>;
  readonly factors: Readonly<Record<GroupCode, number>>;
  readonly mitigation: { readonly shareMax: number; readonly weightPoints: number };
  /** How long a signal lives on after it fired last. */
  readonly memoryMs: number;
  readonly logistic: { readonly even: number; readonly width: number };
  /** Part of the model in the evidence, 0..1. */
  readonly modelShare: number;
  /** What the evidence means: of ten with 0.8, eight are being defrauded. With the model, and by rules alone. */
  readonly calibration: { readonly mixed: Curve; readonly rules: Curve };
  /** The first row that holds decides. */
  readonly levels: readonly LevelRow[];
  readonly holds: readonly HoldRow[];
  readonly disturbance: Disturbance;
  readonly losses: Readonly<Record<Scam, { readonly fen: number; readonly msToOutflow: number }>>;
  /** How soon money leaves, 0..1, by what is open; while nothing is, at most `quiet`, halved per half-life until it leaves. */
  readonly urgency: {
    readonly pending: number;
    readonly sharing: number;
    readonly calling: number;
    readonly justPaid: number;
    readonly quiet: number;
    readonly halfLifeMs: number;
  };
  readonly budget: BudgetPolicy;
  readonly subjects: SubjectPolicy;
}

/** How accounts and numbers are judged, and what follows. */
export interface SubjectPolicy {
  /** How long a signal lives on after it fired last. */
  readonly memoryMs: number;
  readonly episodeMs: number;
  /** With nothing new, judged again after so long. */
  readonly judgeAgainMs: number;
  /** How long ago who paid, or was called, is named and warned. */
  readonly counterpartMs: Readonly<Record<SubjectKind, number>>;
  readonly logistic: { readonly even: number; readonly width: number };
  /** The first row that holds decides, over `SUBJECT_FACTS`. */
  readonly levels: Readonly<Record<SubjectKind, readonly LevelRow[]>>;
  readonly actions: Readonly<Record<SubjectKind, Readonly<Record<Level, readonly SubjectAction[]>>>>;
}

/** How the bar follows a county's budget of visits. */
export interface BudgetPolicy {
  /** The bar is the strictest of those that the cases of these spans ask for. */
  readonly spansMs: readonly number[];
  /** A span that has only begun counts as so long. */
  readonly firstMs: number;
  readonly stepMs: number;
  /** By how much the bar moves in one step at most. */
  readonly factorMax: number;
  readonly leastFen: number;
  readonly mostFen: number;
}

let loaded: Policies | undefined;

/** The policies of this release. @throws CATALOGUE_ENTRY_INVALID */
export function loadPolicies(): Policies {
  loaded ??= readPolicies(data);
  return loaded;
}

export function readPolicies(raw: unknown): Policies {
  const read = policiesData.safeParse(raw);
  if (!read.success) throw errors.entryInvalid({ reason: z.prettifyError(read.error) });
  const { scoring: rules, losses: table, urgency: soon, budget: visits, disturbance: cost, subject: others, level, hold } = read.data;
  return Object.freeze({
    version: contentHash(JSON.stringify(read.data)),
    caps: { ...rules.caps, N: 0 } as Record<GroupCode, number>,
    factors: { ...rules.factors, N: 0 } as Record<GroupCode, number>,
    mitigation: rules.mitigation,
    memoryMs: rules.memoryMinutes * 60_000,
    logistic: rules.logistic,
    modelShare: rules.modelShare,
    calibration: rules.calibration,
    levels: level.map((row) => ({ ...row, when: condition(row.when, LEVEL_FACTS) })),
    holds: hold.map((row) => ({ ...row, when: condition(row.when, HOLD_FACTS) })),
    losses: Object.fromEntries(
      Object.entries(table).map(([name, entry]) => [
        name,
        { fen: (entry as { yuan: number }).yuan * 100, msToOutflow: (entry as { minutesToOutflow: number }).minutesToOutflow * 60_000 },
      ]),
    ) as Record<Scam, { fen: number; msToOutflow: number }>,
    disturbance: {
      costsFen: { delay: cost.costsYuan.delay * 100, hold: cost.costsYuan.hold * 100, fuse: cost.costsYuan.fuse * 100 },
      ...cost.limits,
      spared: cost.spared,
    },
    urgency: {
      pending: soon.pending,
      sharing: soon.sharing,
      calling: soon.calling,
      justPaid: soon.justPaid,
      quiet: soon.quiet,
      halfLifeMs: soon.halfLifeMinutes * 60_000,
    },
    budget: {
      spansMs: visits.spansHours.map((hours) => hours * 3_600_000),
      firstMs: visits.firstHours * 3_600_000,
      stepMs: visits.stepMinutes * 60_000,
      factorMax: visits.factorMax,
      leastFen: visits.leastYuan * 100,
      mostFen: visits.mostYuan * 100,
    },
    subjects: {
      memoryMs: others.memoryHours * 3_600_000,
      episodeMs: others.episodeHours * 3_600_000,
      judgeAgainMs: others.judgeAgainMinutes * 60_000,
      counterpartMs: { account: others.counterpartMinutes.account * 60_000, number: others.counterpartMinutes.number * 60_000 },
      logistic: others.logistic,
      levels: {
        account: others.account.levels.map((row) => ({ ...row, when: condition(row.when, SUBJECT_FACTS) })),
        number: others.number.levels.map((row) => ({ ...row, when: condition(row.when, SUBJECT_FACTS) })),
      },
      actions: { account: others.account.actions, number: others.number.actions },
    },
  });
}

function condition(source: string, facts: Parameters<typeof parseCondition>[1]): Condition {
  try {
    return parseCondition(source, facts);
  } catch (error) {
    if (error instanceof LanguageError) throw errors.entryInvalid({ reason: error.message });
    throw error;
  }
}
