import type { Incident } from '@skyeye/contracts';

/** P1 and P2 never close without a meeting; the server holds the same rule, this one says it before the click. */
export function mayClose(row: Incident): boolean {
  if (row.level === 'P3' || row.level === 'P4') return true;
  return ['MET', 'RESULTED', 'FOLLOWUP'].includes(row.state) || row.tasks.some((task) => task.metMs !== null);
}
