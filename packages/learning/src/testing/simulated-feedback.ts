import type { CodedResult, FiledCase } from '../labels.ts';

/** A generator of its own: mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const DAY_MS = 86_400_000;

export interface Feedback {
  readonly results: readonly CodedResult[];
  readonly cases: readonly FiledCase[];
  readonly truth: ReadonlyMap<string, boolean>;
}

/**
 * Visits of a county as teams code them: six in ten visited are victims, scores are calibrated, two in ten victims file a case
 * although somebody was there. `flipped`: share of results coded the wrong way; `liars`: teams that code a false alarm whatever they find.
 */
export function feedbackOf({
  seed,
  visits = 400,
  teams = 8,
  flipped = 0,
  liars = [],
}: {
  seed: number;
  visits?: number;
  teams?: number;
  flipped?: number;
  liars?: readonly string[];
}): Feedback {
  const next = random(seed);
  const results: CodedResult[] = [];
  const cases: FiledCase[] = [];
  const truth = new Map<string, boolean>();
  for (let index = 0; index < visits; index++) {
    const score = 0.2 + 0.8 * next();
    const fraud = next() < score;
    const team = `rt${String(Math.floor(next() * teams) + 1).padStart(2, '0')}`;
    const lies = liars.includes(team) || next() < flipped;
    const said = liars.includes(team) ? false : lies ? !fraud : fraud;
    const fromMs = index * 3_600_000;
    const person = `p_${index}`;
    truth.set(`i${index}`, fraud);
    results.push({
      incidentId: `i${index}`,
      person,
      fromMs,
      untilMs: fromMs + 3_600_000,
      atMs: fromMs + 7_200_000,
      kind: 'result',
      result: said ? 'stopped_before' : 'false_alarm',
      scam: said ? 'svc' : null,
      level: 'P1',
      score,
      team,
      chance: 1,
    });
    if (fraud && next() < 0.2) cases.push({ person, scam: 'svc', fromMs: fromMs - DAY_MS, untilMs: fromMs, atMs: fromMs + DAY_MS });
  }
  return { results, cases, truth };
}

export const LATER = 1_000 * DAY_MS;
