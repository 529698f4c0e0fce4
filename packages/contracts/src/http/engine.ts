import { z } from 'zod';
import { timeMs } from '../domain.ts';

/**
 * Services and operators to the scorer, on its private address: why a feature had its value for a key, at an event that is
 * held or at a time (minute clocks). The reply has the events that made it, with tokens in place of identifiers.
 */
export const whyRequest = z.strictObject({
  feature: z.string().min(1).max(100),
  key: z.string().min(1).max(300),
  at: z.union([z.strictObject({ eventId: z.string().min(1).max(200) }), z.strictObject({ tMs: timeMs })]),
});
export type WhyRequest = z.infer<typeof whyRequest>;
