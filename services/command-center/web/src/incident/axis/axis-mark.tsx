import type { ReactNode } from 'react';
import type { Placed } from './axis-layout.ts';

const ROW_Y = [18, 36] as const;

/** A span is a bar, money a diamond, all else a dot; hollow where it arrived late; acts in a burst are one dot with their number. */
export function AxisMark({
  placed,
  pickedId,
  title,
  onPick,
}: {
  readonly placed: Placed;
  readonly pickedId: string | null;
  readonly title: string;
  readonly onPick: (id: string) => void;
}): ReactNode {
  const { item, members, xs, width, row, label } = placed;
  const burst = item.lane === 'action' && members.length > 1;
  const next = members[(members.findIndex(({ id }) => id === pickedId) + 1) % members.length] ?? item;
  const picked = members.some(({ id }) => id === pickedId);
  const y = ROW_Y[row];
  const half = row === 0 ? 6 : 4;
  return (
    <g
      id={`axis-${picked ? (pickedId ?? item.id) : item.id}`}
      role="option"
      aria-selected={picked}
      aria-label={title}
      className={`mk mark-${item.tone} ${item.late ? 'late' : ''} ${picked ? 'picked' : ''}`}
      onClick={() => onPick(next.id)}
    >
      <title>{title}</title>
      {xs.map((x) =>
        item.span ? (
          <rect key={x} x={x} y={8} width={width} height={20} rx={3} />
        ) : item.lane === 'money' ? (
          <path key={x} d={`M${x} ${y - half - 2}l${half + 2} ${half + 2}-${half + 2} ${half + 2}-${half + 2}-${half + 2}z`} />
        ) : (
          <circle key={x} cx={x} cy={y} r={burst ? 8 : half} />
        ),
      )}
      {burst ? (
        <text x={xs[0]} y={y + 4} textAnchor="middle" className="count">
          {members.length}
        </text>
      ) : null}
      {label === null ? null : (
        <text x={label.x} y={label.row === 0 ? 22 : 41} textAnchor={label.anchor} className={label.inside ? 'inside' : ''}>
          {label.text}
        </text>
      )}
    </g>
  );
}
