import { drawOf, explorationChance } from '@skyeye/learning';
import type { Explore } from '@skyeye/ledger';

/**
 * Draws cases below the bar so that one or two of a hundred visits go to them. The draw is a keyed digest of the incident: a
 * replay draws the same, and without the key nobody can arrange not to be drawn. @param visitsPerDay null: nobody is drawn
 */
export function explorer(digest: (id: string) => string, visitsPerDay: number | null): Explore | null {
  if (visitsPerDay === null) return null;
  return (incidentId, below) => {
    const chance = explorationChance(visitsPerDay, below);
    return { chance, drawn: drawOf(digest(incidentId)) < chance };
  };
}
