import { z } from 'zod';
import { timeMs } from '../domain.ts';

/** Where a version of a model stands: kept with its table, watching beside the one that decides, deciding, or ended. */
export const MODEL_STATES = ['proposed', 'challenger', 'champion', 'retired'] as const;
export const modelState = z.enum(MODEL_STATES);
export type ModelState = z.infer<typeof modelState>;

/** How long a version watches beside the champion before it may take its place, county time. */
export const MODEL_WATCH_MS = 24 * 3_600_000;
/** Share of its judgements that may fail or be passed over meanwhile. */
export const MODEL_FAILED_MAX = 0.01;

const name = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'not the name of a model');
const version = z.string().regex(/^\d{1,9}$/, 'not the version of a model');
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'not a digest');
const why = z.string().min(4).max(500);

/** What the same past days would have been with a model. Money in fen. */
export const modelNumbers = z.strictObject({
  model: z.string(),
  persons: z.int().min(0),
  caught: z.int().min(0),
  caughtFen: z.int().min(0),
  lostFen: z.int().min(0),
  urgent: z.int().min(0),
  falseUrgent: z.int().min(0),
  falsePerShift: z.number().min(0),
  /** Alert to first loss, half have more; null without any alert. */
  leadMinutes: z.number().nullable(),
});
export type ModelNumbers = z.infer<typeof modelNumbers>;

/** Two models on the same stored events: `pnpm backtest --model … --json` writes it. */
export const modelTable = z.strictObject({
  events: z.int().min(1),
  fromMs: timeMs,
  untilMs: timeMs,
  live: modelNumbers,
  candidate: modelNumbers,
  gained: z.int().min(0),
  lost: z.int().min(0),
});
export type ModelTable = z.infer<typeof modelTable>;

export const modelParams = z.object({ model: name });
/** POST /api/models: `digest` is the SHA-256 of the folder's `checksums.json`: what is approved is what is loaded. */
export const proposeModelBody = z.strictObject({ name, version, digest, table: modelTable, reason: why });
/** POST /api/models/:model/<step>. */
export const modelStepBody = z.strictObject({ version, reason: why });
export const modelRollBackBody = z.strictObject({ reason: why });
/** `version` null: the release's own. */
export const modelRolledBack = z.object({ champion: z.string().nullable() });

const placed = z.object({ version, digest });
/** What decides and what watches, as the command centre puts it into the store and scorers take it. Null: the release's own, nobody. */
export const modelsInForce = z.object({
  seq: z.int(),
  models: z.array(z.object({ name, champion: placed.nullable(), challenger: placed.nullable() })),
});
export type ModelsInForce = z.infer<typeof modelsInForce>;

/** Judgements of the one that watches, beside those of the one that decides, by the side of one half on which they stand. */
export const watchCounts = z.object({
  agrees: z.int(),
  higher: z.int(),
  lower: z.int(),
  failed: z.int(),
  passedOver: z.int(),
});
export type WatchCounts = z.infer<typeof watchCounts>;

/** What a scorer has loaded and counted. */
export const modelCounts = z.object({
  /** Sequence of the set that the scorer has taken. */
  seq: z.int(),
  atMs: timeMs,
  models: z.array(
    z.object({
      name,
      /** `<name>/<version>` that decides; `none`: rules alone. */
      champion: z.string(),
      challenger: z.string().nullable(),
      /** What was to be loaded and was refused; what was there before stays. */
      refused: z.array(z.object({ model: z.string(), code: z.string() })),
      counts: watchCounts,
    }),
  ),
});
export type ModelCounts = z.infer<typeof modelCounts>;

/** Keys of the store between the command centre and scorers. The first is also the channel that wakes them. */
export const MODEL_KEYS = { seq: 'models:seq', inForce: 'models:in-force', counts: 'models:counts' } as const;

export const modelListed = z.object({
  name: z.string(),
  version: z.string(),
  digest: z.string(),
  state: modelState,
  proposedBy: z.string(),
  createdMs: timeMs,
  /** The newest table that was kept with it. */
  table: modelTable,
});
export type ModelListed = z.infer<typeof modelListed>;
export const modelStep = z.object({
  seq: z.int(),
  name: z.string(),
  version: z.string(),
  step: z.string(),
  atMs: timeMs,
  by: z.string(),
  reason: z.string(),
  numbers: z.record(z.string(), z.unknown()),
});
export type ModelStep = z.infer<typeof modelStep>;
/** GET /api/models: versions that are not retired, every step, and what scorers say; `scorer` null before they have. */
export const modelList = z.object({
  seq: z.int(),
  scorer: modelCounts.nullable(),
  models: z.array(modelListed),
  steps: z.array(modelStep),
});
export type ModelList = z.infer<typeof modelList>;
