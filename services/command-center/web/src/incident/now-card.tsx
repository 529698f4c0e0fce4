import type { IncidentDetail } from '@skyeye/contracts';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useMe } from '../live/use-feed.tsx';
import { isBeingDefrauded, isOpen } from '../queue/order.ts';
import { useTexts } from '../texts/language.tsx';
import type { DialogName } from './dialogs/incident-dialogs.tsx';

/** What to do next, at most one click or key away. The act that is due now is the coloured one. */
export function NowCard({
  detail,
  onSign,
  onDialog,
}: {
  readonly detail: IncidentDetail;
  readonly onSign: () => void;
  readonly onDialog: (name: DialogName) => void;
}): ReactNode {
  const { now, review } = useTexts();
  const { role } = useMe();
  const station = role === 'station';
  // The leader is the second pair of eyes; the server refuses who coded it.
  const reviewing = role === 'leader' && detail.result !== null ? <Button onClick={() => onDialog('review')}>{review.act}…</Button> : null;
  const unsigned = detail.signedMs === null;
  const sent = detail.tasks.some((task) => task.state !== 'cancelled');
  if (!isOpen(detail))
    return (
      <section className="card">
        <header>
          <h2>{now.title}</h2>
        </header>
        <div className="body acts">
          <span className="mark ink ok">{now.closed}</span>
          {reviewing}
        </div>
      </section>
    );
  const next = unsigned ? now.what.sign : sent ? now.what.call : now.what.dispatch;
  return (
    <section className="card" aria-label={now.title}>
      <header>
        <h2>{now.title}</h2>
        <span className="small soft cut">{next}</span>
      </header>
      <div className="body acts">
        {unsigned ? (
          <Button className="wide" size="large" type="primary" danger={isBeingDefrauded(detail)} onClick={onSign}>
            {now.sign}
            <kbd>S</kbd>
          </Button>
        ) : null}
        <Button
          type={unsigned ? 'default' : 'primary'}
          danger={!unsigned && isBeingDefrauded(detail) && sent}
          onClick={() => onDialog('call')}
        >
          {detail.calls > 0 ? now.callAgain : now.call}
          <kbd>C</kbd>
        </Button>
        <Button type={unsigned ? 'default' : 'primary'} onClick={() => onDialog('dispatch')}>
          {now.dispatch}
          <kbd>D</kbd>
        </Button>
        <Button onClick={() => onDialog('level')}>{now.level}…</Button>
        <Button onClick={() => onDialog('close')}>{now.close}…</Button>
        <Button onClick={() => onDialog('giveBack')}>{station ? now.giveBack : now.reroute}…</Button>
        <Button onClick={() => onDialog('note')}>{now.note}…</Button>
        {reviewing}
      </div>
    </section>
  );
}
