import type { Incident, Task } from '@skyeye/contracts';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { duration, stopwatch } from '../shell/format.ts';
import { useTexts } from '../texts/language.tsx';
import { isBeingDefrauded, isReached } from './order.ts';

const STEPS = ['cancelled', 'sent', 'accepted', 'arrived', 'met', 'resulted'] as const;

/** The unit that is furthest: one line says where help stands. */
function furthest(tasks: readonly Task[]): Task | null {
  const running = tasks.filter((task) => task.state !== 'cancelled');
  return running.reduce<Task | null>(
    (best, task) => (best === null || STEPS.indexOf(task.state) > STEPS.indexOf(best.state) ? task : best),
    null,
  );
}

/** What is being done about it, the most urgent first; an unsigned row offers the one act that is missing. */
export function Handling({
  row,
  nowMs,
  brief,
  onSign,
}: {
  readonly row: Incident;
  readonly nowMs: number;
  readonly brief: boolean;
  readonly onSign: (() => void) | null;
}): ReactNode {
  const texts = useTexts();
  const words = texts.handling;
  const lines: ReactNode[] = [];
  const unsigned = row.signedMs === null && !isReached(row);
  if (row.state === 'CLOSED')
    lines.push(
      <span key="closed" className="mark ink ok">
        {texts.queue.closed}
      </span>,
    );
  if (unsigned)
    lines.push(
      <span key="unsigned" className={`mark ring strong ${isBeingDefrauded(row) ? 'ink P1' : ''}`}>
        {words.unsigned(duration(nowMs - row.createdMs, texts))}
      </span>,
    );
  const { hold } = row;
  if (hold !== null && hold.state === 'active' && hold.outcome !== 'allow') {
    const left = hold.expiresMs === null ? '' : stopwatch(hold.expiresMs - nowMs);
    lines.push(
      <span key="hold" className="mark square ink P2">
        {hold.outcome === 'fuse' ? words.fused(left) : hold.outcome === 'hold' ? words.held(left) : words.delayed}
      </span>,
    );
  } else if (hold !== null && hold.state === 'confirmed')
    lines.push(
      <span key="hold" className="mark square ink ok">
        {texts.holdOutcomes[hold.outcome]} {texts.holdStates.confirmed}
      </span>,
    );
  const task = furthest(row.tasks);
  if (task !== null) {
    const there = task.state === 'arrived' || task.state === 'met' || task.state === 'resulted';
    const says =
      !there && task.etaMin !== null
        ? words.eta(task.unitName, Math.max(1, Math.round(task.etaMin)))
        : words.at(task.unitName, texts.taskStates[task.state]);
    lines.push(
      <span key="task" className={`mark ${there ? 'ink ok' : 'quiet'}`} title={says}>
        <span className="cut">{says}</span>
      </span>,
    );
  }
  if (!unsigned && lines.length === 0)
    lines.push(
      <span key="state" className="mark quiet">
        {texts.states[row.state]}
      </span>,
    );
  const small = [
    row.calls > 0 ? words.calls(row.calls) : null,
    row.signedBy === null ? null : words.signedBy(row.signedByName ?? row.signedBy),
  ]
    .filter((text) => text !== null)
    .join(' · ');
  if (brief) return <div className="cut">{lines[0]}</div>;
  return (
    <div style={{ display: 'grid', gap: 1 }}>
      {lines.slice(0, unsigned && onSign !== null ? 1 : 2)}
      {unsigned && onSign !== null ? (
        <span>
          <Button
            type="primary"
            size="small"
            danger={isBeingDefrauded(row)}
            onClick={(event) => {
              event.stopPropagation();
              onSign();
            }}
          >
            {texts.queue.sign}
          </Button>
        </span>
      ) : null}
      {small === '' ? null : (
        <span className="small soft cut" title={small}>
          {small}
        </span>
      )}
    </div>
  );
}
