import type { FieldTask } from '@skyeye/contracts';
import { Random } from '../random.ts';

const MIN_MS = 60_000;
type Range = readonly [number, number];

/**
 * County minutes from being told to saying yes, and from there to the address. Where minutes count a patrol is at the door
 * of a county of 900 km² a quarter to half an hour after the alert (DOMAIN §1.2 asks for 5 in a town and 15 outside; the
 * published case of 番禺 took 50), so that the money moment often comes first and it is the bank that has to hold. What
 * has 24 hours is fitted into the day's round.
 */
const URGENT = { take: [0, 1.5], road: [12, 22] } as const;
const ROUND = { take: [5, 40], road: [60, 180] } as const;
const ROAD_MAX = 45;
const DOOR: Range = [1, 2.5];
const TALK: Range = [3, 6];

/** County ms between the steps of a task; each from the step before. */
export interface Pace {
  readonly takeMs: number;
  readonly roadMs: number;
  readonly doorMs: number;
  readonly talkMs: number;
}

/** The same for the same task, so that a restart goes on; `random` is the task's own. */
export function paceOf({ tier, level, etaMin }: Pick<FieldTask, 'tier' | 'level' | 'etaMin'>, random: Random): Pace {
  const isUrgent = tier !== 'grid' && (level === 'P1' || level === 'P2');
  const { take, road } = isUrgent ? URGENT : ROUND;
  const draw = ([from, to]: Range): number => random.between(from, to);
  const [takeMin, roadMin, doorMin, talkMin] = [draw(take), draw(road), draw(DOOR), draw(TALK)];
  return {
    takeMs: takeMin * MIN_MS,
    // A way that is longer than usual by the map takes longer.
    roadMs: (isUrgent ? Math.min(ROAD_MAX, roadMin + Math.max(0, (etaMin ?? 0) - road[0])) : roadMin) * MIN_MS,
    doorMs: doorMin * MIN_MS,
    talkMs: talkMin * MIN_MS,
  };
}
