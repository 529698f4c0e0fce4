import type { Victim } from './measures.ts';

/** What became of a victim's first loss. */
export const WHY = {
  stopped: 'nothing lost',
  unseen: 'nothing judged before',
  low: 'judged, no level P1 to P3 before',
  late: 'level in time, nobody convinced them before',
  asked: 'bank asked, let go',
  insisted: 'held, insisted at the counter',
  arrived: 'delayed, not convinced within a day',
  later: 'first payment kept, a later one lost',
} as const;
export type Why = keyof typeof WHY;

/** Lines of a table: by scam, victims, with a signal in time, and what became of the first loss. */
export function whyLost(list: readonly Victim[]): string[] {
  const names = Object.keys(WHY) as Why[];
  const line = (name: string, own: readonly Victim[]): string =>
    [
      `  ${name.padEnd(14)}`,
      String(own.length).padStart(8),
      String(own.filter(({ signalInTime }) => signalInTime).length).padStart(8),
      ...names.map((why) => {
        const [all, seen] = [own.filter((victim) => victim.why === why), own.filter((victim) => victim.why === why && victim.signalInTime)];
        return (all.length === 0 ? '' : `${all.length} (${seen.length})`).padStart(10);
      }),
    ].join('');
  const scams = [...Map.groupBy(list, ({ script }) => script)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [
    '  first losses by what became of them; in brackets those with a signal in time',
    `  ${'scam'.padEnd(14)}${'victims'.padStart(8)}${'signal'.padStart(8)}${names.map((name) => name.padStart(10)).join('')}`,
    ...scams.map(([name, own]) => line(name, own)),
    line('all', list),
    `  ${names.map((name) => `${name}: ${WHY[name]}`).join('; ')}`,
  ];
}
