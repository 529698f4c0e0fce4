import type { Counters } from '@skyeye/contracts';
import { Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { duration, yuan } from '../shell/format.ts';
import { useTexts } from '../texts/language.tsx';

export function CountersStrip({ counters }: { readonly counters: Counters | null }): ReactNode {
  const texts = useTexts();
  const words = texts.counters;
  if (counters === null)
    return (
      <div className="card" style={{ padding: '12px 16px', flex: 'none' }}>
        <Skeleton active title={false} paragraph={{ rows: 2 }} />
      </div>
    );
  const precision = counters.resultedToday === 0 ? null : `${Math.round((1 - counters.falseToday / counters.resultedToday) * 100)}%`;
  const cells: readonly { label: string; value: string; small?: string | undefined; ink?: string }[] = [
    {
      label: words.now,
      value: String(counters.now),
      ink: counters.now > 0 ? 'P1' : '',
      small: counters.holdsActive > 0 ? words.holds(counters.holdsActive) : undefined,
    },
    {
      label: words.unsigned,
      value: String(counters.unsigned),
      small: counters.unsigned > 0 ? words.longest(duration(counters.longestUnsignedMs, texts)) : undefined,
    },
    { label: words.units, value: String(counters.unitsOut), small: words.unitsAll(counters.unitsAll) },
    {
      label: words.stopped,
      value: words.people(counters.stoppedToday),
      small: counters.fallbackToday > 0 ? words.fallback(counters.fallbackToday) : undefined,
    },
    {
      label: words.saved,
      value: yuan(counters.savedTodayFen),
      small: counters.lostTodayFen > 0 ? words.lost(yuan(counters.lostTodayFen)) : undefined,
    },
    { label: words.falseAlarms, value: String(counters.falseToday), small: precision === null ? undefined : words.precision(precision) },
  ];
  return (
    <dl className="card counters">
      {cells.map(({ label, value, small, ink }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className={ink === undefined ? '' : `ink ${ink}`}>
            {value}
            {small === undefined ? null : <small title={small}>{small}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
