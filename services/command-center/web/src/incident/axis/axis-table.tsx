import type { ReactNode } from 'react';
import { clockTime } from '../../live/county-clock.ts';
import { duration, sourceName, yuan } from '../../shell/format.ts';
import { useLanguage } from '../../texts/language.tsx';
import { axisSays } from './axis-words.ts';
import type { AxisItem } from './axis-model.ts';

/** The same as the chart, for a screen reader and for copying into a report. */
export function AxisTable({ items }: { readonly items: readonly AxisItem[] }): ReactNode {
  const { texts, language } = useLanguage();
  const { columns } = texts.axis;
  return (
    <div className="scroll" style={{ maxHeight: 340 }}>
      <table className="grid">
        <caption className="hidden">{texts.axis.label}</caption>
        <thead>
          <tr>
            <th>{columns.time}</th>
            <th>{columns.lane}</th>
            <th>{columns.says}</th>
            <th className="num">{columns.amount}</th>
            <th>{columns.delay}</th>
            <th>{columns.source}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td style={{ whiteSpace: 'nowrap' }}>
                {clockTime(item.fromMs)}
                {item.span ? ` – ${item.open ? texts.axis.ongoing : clockTime(item.toMs)}` : ''}
              </td>
              <td style={{ whiteSpace: 'nowrap' }}>{texts.axis.lanes[item.lane]}</td>
              <td>{axisSays(item, { texts, language })}</td>
              <td className="num">{item.amountFen === null ? '' : yuan(item.amountFen)}</td>
              <td style={{ whiteSpace: 'nowrap' }}>
                {item.delayMs === null ? (
                  ''
                ) : item.late ? (
                  <b className="ink P2">{texts.axis.delay(duration(item.delayMs, texts))}</b>
                ) : (
                  duration(item.delayMs, texts)
                )}
              </td>
              <td style={item.stream === null ? undefined : { whiteSpace: 'nowrap' }}>
                {item.stream === null ? (item.by ?? texts.feed.system) : sourceName(item.stream, texts)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
