import type { ModelNumbers, ModelTable } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { dayTime } from '../live/county-clock.ts';
import { yuan } from '../shell/format.ts';
import { useTexts } from '../texts/language.tsx';

interface Measure {
  readonly name: keyof ReturnType<typeof useTexts>['models']['rows'];
  readonly of: (side: ModelNumbers) => number | null;
  readonly says: (value: number) => string;
  /** Whether more is better; null: neither. */
  readonly moreIsBetter: boolean | null;
}

const count = (value: number): string => value.toLocaleString('en-US');
const money = (value: number): string => yuan(Math.round(value / 100) * 100);
const MEASURES: readonly Measure[] = [
  { name: 'persons', of: ({ persons }) => persons, says: count, moreIsBetter: null },
  { name: 'caught', of: ({ caught }) => caught, says: count, moreIsBetter: true },
  { name: 'missed', of: ({ persons, caught }) => persons - caught, says: count, moreIsBetter: false },
  { name: 'caughtFen', of: ({ caughtFen }) => caughtFen, says: money, moreIsBetter: true },
  { name: 'lostFen', of: ({ lostFen, caughtFen }) => lostFen - caughtFen, says: money, moreIsBetter: false },
  { name: 'urgent', of: ({ urgent }) => urgent, says: count, moreIsBetter: null },
  { name: 'falseUrgent', of: ({ falseUrgent }) => falseUrgent, says: count, moreIsBetter: false },
  { name: 'falsePerShift', of: ({ falsePerShift }) => falsePerShift, says: (value) => value.toFixed(3), moreIsBetter: false },
  { name: 'leadMinutes', of: ({ leadMinutes }) => leadMinutes, says: (value) => value.toFixed(1), moreIsBetter: true },
];

/** Two models on the same days, side by side; better and worse are told by a sign and a word's colour. */
export function ModelTableCard({ table }: { readonly table: ModelTable }): ReactNode {
  const { models: words, sources } = useTexts();
  const { live, candidate } = table;
  return (
    <div className="compared">
      <h3>
        {words.table}{' '}
        <span className="small soft">{words.tableOf(count(table.events), dayTime(table.fromMs), dayTime(table.untilMs))}</span>
      </h3>
      <table className="grid">
        <thead>
          <tr>
            <th>{words.columns.row}</th>
            <th className="num">
              {words.columns.live} <code>{live.model}</code>
            </th>
            <th className="num">
              {words.columns.candidate} <code>{candidate.model}</code>
            </th>
            <th className="num">{words.columns.change}</th>
          </tr>
        </thead>
        <tbody>
          {MEASURES.map(({ name, of, says, moreIsBetter }) => {
            const [before, after] = [of(live), of(candidate)];
            const by = before === null || after === null ? 0 : after - before;
            const good = moreIsBetter === null || by === 0 ? null : by > 0 === moreIsBetter;
            return (
              <tr key={name}>
                <td>{words.rows[name]}</td>
                <td className="num">{before === null ? sources.none : says(before)}</td>
                <td className="num">{after === null ? sources.none : says(after)}</td>
                <td className={`num ${good === null ? 'soft' : good ? 'ink ok strong' : 'ink P2 strong'}`}>
                  {by === 0 ? sources.none : `${by > 0 ? '+' : '−'}${says(Math.abs(by))}`}
                  {good === null ? '' : good ? ' ▲' : ' ▼'}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="small soft">{words.gained(table.gained, table.lost)}</p>
    </div>
  );
}
