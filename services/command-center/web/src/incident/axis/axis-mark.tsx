import type { ReactNode } from 'react';
import type { Placed } from './axis-layout.ts';

const ROW_Y = [18, 36] as const;

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
  const { item, xs, width, row, label } = placed;
  const y = ROW_Y[row];
  const half = row === 0 ? 6 : 4;
  return (
    <g
      id={`axis-${item.id}`}
      role="option"
      aria-selected={picked}
      aria-label={title}
      className={`mk mark-${item.tone} ${item.late ? 'late' : ''} ${picked ? 'picked' : ''}`}
      onClick={() => onPick(item.id)}
    >
      <title>{title}</title>
      {xs.map((x) =>
        item.span ? (
          <rect key={x} x={x} y={8} width={width} height={20} rx={3} />
        ) : item.lane === 'money' ? (
          <path key={x} d={`M${x} ${y - half - 2}l${half + 2} ${half + 2}-${half + 2} ${half + 2}-${half + 2}-${half + 2}z`} />
        ) : (
          <circle key={x} cx={x} cy={y} r={half} />
        ),
      )}
      {label === null ? null : (
        <text x={label.x} y={label.row === 0 ? 22 : 41} textAnchor={label.anchor} className={label.inside ? 'inside' : ''}>
          {label.text}
        </text>
      )}
    </g>
  );
}
