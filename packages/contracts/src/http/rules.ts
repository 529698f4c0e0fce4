import { z } from 'zod';
import { timeMs } from '../domain.ts';

/** The life of a rule's version. It is approved by a second person, and only a live one alerts. */
export const RULE_STATES = ['draft', 'checked', 'backtested', 'shadow', 'approved', 'live', 'retired'] as const;
export const ruleState = z.enum(RULE_STATES);
export type RuleState = z.infer<typeof ruleState>;

/** Share of the county's persons a day for whom a rule may hold at most, to be approved; one person a day always may. */
export const RULE_SHARE_MAX = 0.005;
/** How long a version is in shadow before it can be approved, county time. */
export const RULE_SHADOW_MS = 24 * 3_600_000;

const ruleId = z.string().regex(/^[a-z][a-z0-9_]{2,60}$/, 'not the id of a rule');
const version = z.string().regex(/^[0-9a-f]{16}$/, 'not the version of a rule');
const why = z.string().min(4).max(500);

/** POST /api/rules: an entry as `packages/catalogue/rules` has them. */
export const proposeRuleBody = z.strictObject({ rule: z.record(z.string(), z.unknown()), reason: why });
export const ruleParams = z.object({ rule: ruleId });
/** POST /api/rules/:rule/<step>. */
export const ruleStepBody = z.strictObject({ version, reason: why });

export const ruleProposed = z.object({ id: z.string(), version: z.string() });
export const ruleRolledBack = z.object({ live: z.string().nullable() });
/** POST /api/rules/:rule/roll-back: of whatever version is live. */
export const ruleRollBackBody = z.strictObject({ reason: why });

/** What a backtest saw: the blast radius. `pnpm rule backtest --json` writes it. */
export const ruleBacktest = z.strictObject({
  events: z.int().min(1),
  /** Persons of the county that the events are of. */
  persons: z.int().min(1),
  days: z.int().min(1),
  /** Persons for whom the rule held, on the day with the most. */
  personsPerDayMax: z.int().min(0),
  /** Persons whom it would have raised above the level that they had without it, on the day with the most. */
  raisedPerDayMax: z.int().min(0),
  /** Names the events. */
  eventsHash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type RuleBacktest = z.infer<typeof ruleBacktest>;
export const ruleBacktestBody = ruleStepBody.extend({ numbers: ruleBacktest });

/** What is in force, as the command centre puts it into the store and scorers take it. */
export const rulesInForce = z.object({
  /** Rises with every change; another one is another set. */
  seq: z.int(),
  rules: z.array(z.object({ id: ruleId, version, state: z.enum(['live', 'shadow']), entry: z.unknown() })),
});
export type RulesInForce = z.infer<typeof rulesInForce>;

/** For how many persons rules in force held, as a scorer counts it. */
export const ruleCounts = z.object({
  /** Sequence of the set that is in force at the scorer. */
  seq: z.int(),
  atMs: timeMs,
  rules: z.array(
    z.object({
      id: z.string(),
      version: z.string(),
      state: z.enum(['live', 'shadow']),
      times: z.int(),
      days: z.array(z.object({ day: z.int(), persons: z.int() })),
    }),
  ),
});
export type RuleCounts = z.infer<typeof ruleCounts>;

/** Keys of the store between the command centre and scorers. The first is also the channel that wakes them. */
export const RULE_KEYS = { seq: 'rules:seq', inForce: 'rules:in-force', counts: 'rules:counts' } as const;

/** GET /api/rules. */
export const ruleListed = z.object({
  id: z.string(),
  version: z.string(),
  state: ruleState,
  entry: z.unknown(),
  proposedBy: z.string(),
  createdMs: timeMs,
  /** From the scorer; null where it counts nothing of this version. */
  count: z.object({ times: z.int(), personsPerDayMax: z.int(), days: z.array(z.object({ day: z.int(), persons: z.int() })) }).nullable(),
  /** Its newest backtest: the blast radius; null before one. */
  backtest: ruleBacktest.nullable(),
});
export type RuleListed = z.infer<typeof ruleListed>;
/** `residents`: persons of the county, against whom the limit of approval is held. */
export const ruleList = z.object({ seq: z.int(), atScorerSeq: z.int().nullable(), residents: z.int(), rules: z.array(ruleListed) });

/** GET /api/rules/:rule: every step of every version, oldest first. */
export const ruleStep = z.object({
  seq: z.int(),
  ruleId: z.string(),
  version: z.string(),
  step: z.string(),
  atMs: timeMs,
  by: z.string(),
  reason: z.string(),
  numbers: z.record(z.string(), z.unknown()),
});
export type RuleStep = z.infer<typeof ruleStep>;
export const ruleHistory = z.object({ rules: z.array(ruleListed), steps: z.array(ruleStep) });
