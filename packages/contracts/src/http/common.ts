import { z } from 'zod';

/** Every refusal of every service. `code` is stable; `message` says what happened, what was kept, what to do. */
export const problem = z.object({
  code: z.string(),
  message: z.string(),
  details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

export const ROLES = ['analyst', 'leader', 'station', 'officer', 'team', 'grid', 'bank', 'operator', 'auditor'] as const;
export const role = z.enum(ROLES);
export type Role = z.infer<typeof role>;

export const signIn = z.strictObject({ account: z.string().min(1).max(64), password: z.string().min(1).max(200) });
export const me = z.object({
  account: z.string(),
  name: z.string(),
  role,
  unit: z.string().nullable(),
  unitName: z.string().nullable(),
  /** County time now, its speed against wall time, and the build. */
  clock: z.object({ countyMs: z.number(), wallMs: z.number(), speed: z.number() }),
  version: z.string(),
  county: z.string(),
  demo: z.boolean(),
  /** Public key for Web Push; null where the server has none. */
  pushKey: z.string().nullable(),
});
export type Me = z.infer<typeof me>;

/**
 * Parses by walking the schema instead of by generated code. A web application calls it before its first parse: its content
 * security policy forbids generated code, and even a caught attempt is reported as a violation.
 */
export function parseWithoutEval(): void {
  z.config({ jitless: true });
}
