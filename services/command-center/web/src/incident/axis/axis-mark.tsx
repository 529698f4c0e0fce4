import type { ReactNode } from 'react';
import type { Placed } from './axis-layout.ts';

/** A span is a bar, money a diamond, all else a dot; hollow where it arrived late. */
export function AxisMark({
  placed,
  picked,
  title,
  onPick,
}: {
  readonly placed: Placed;
  readonly picked: boolean;
  readonly title: string;
  readonly onPick: (id: string) => void;
}): ReactNode {
  const { item, x, width, label } = placed;
  const kind = `mark-${item.tone} ${item.late ? 'late' : ''} ${picked ? 'picked' : ''}`;
  return (
    <g
      id={`axis-${item.id}`}
      role="option"
      aria-selected={picked}
      aria-label={title}
      className={`mk ${kind}`}
      onClick={() => onPick(item.id)}
    >
      <title>{title}</title>
      {item.span ? (
        <rect x={x} y={8} width={width} height={20} rx={3} />
      ) : item.lane === 'money' ? (
        <path d={`M${x} 10l8 8-8 8-8-8z`} />
      ) : (
        <circle cx={x} cy={18} r={6} />
      )}
      {label === null ? null : (
        <text x={label.x} y={label.row === 0 ? 22 : 41} textAnchor={label.anchor} className={label.inside ? 'inside' : ''}>
          {label.text}
        </text>
      )}
    </g>
  );
}
