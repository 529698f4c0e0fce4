import type { Incident } from '@skyeye/contracts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTexts } from '../texts/language.tsx';
import { QueueRow } from './queue-row.tsx';

interface Props {
  readonly rows: readonly Incident[];
  readonly pickedId: string | null;
  readonly brief: boolean;
  readonly onPick: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onSign: (row: Incident) => void;
}

const ROW_PX = 86;
const BRIEF_ROW_PX = 36;

/** Only the rows in sight are drawn; 500 cost as much as 12. */
export function QueueList({ rows, pickedId, brief, onPick, onOpen, onSign }: Props): ReactNode {
  const { queue } = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (brief ? BRIEF_ROW_PX : ROW_PX),
    overscan: 4,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  useEffect(() => virtual.measure(), [brief, virtual]);
  useEffect(() => {
    const index = rows.findIndex((row) => row.id === pickedId);
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- follows the pick alone: a row that arrives must not scroll the list
  }, [pickedId]);
  return (
    <div role="table" aria-label={queue.title} aria-rowcount={rows.length} style={{ display: 'contents' }}>
      <div className="qgrid qhead" role="row">
        {Object.values(queue.columns).map((name) => (
          <span key={name} role="columnheader">
            {name}
          </span>
        ))}
      </div>
      <div className="rows" ref={scroller} tabIndex={0} role="rowgroup" aria-label={queue.title}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <QueueRow
                key={row.id}
                row={row}
                index={item.index}
                brief={brief}
                picked={row.id === pickedId}
                style={{ transform: `translateY(${item.start}px)` }}
                measure={virtual.measureElement}
                onPick={onPick}
                onOpen={onOpen}
                onSign={onSign}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
