import { LEVELS, type Level } from '@skyeye/contracts';

/** 0 for P1, the most urgent, to 3 for P4. */
export const levelRank = (level: Level): number => LEVELS.indexOf(level);

/** The more urgent of two. */
export const moreUrgent = (a: Level, b: Level): Level => (levelRank(a) <= levelRank(b) ? a : b);

/** So many steps more urgent, P1 at most. */
export const raisedBy = (level: Level, steps: number): Level => LEVELS[Math.max(0, levelRank(level) - steps)] ?? 'P1';
