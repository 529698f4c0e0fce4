import { SCAMS, type Incident } from '@skyeye/contracts';
import { memo, type CSSProperties, type ReactNode } from 'react';
import { useCountyNow } from '../live/use-feed.tsx';
import { distance, duration, probability, roughYuan, sourceName, timeLeft, yuan } from '../shell/format.ts';
import { LevelTag } from '../shell/level-tag.tsx';
import { useLanguage } from '../texts/language.tsx';
import { shadeOf } from './order.ts';
import { Handling } from './handling.tsx';

interface Props {
  readonly row: Incident;
  readonly picked: boolean;
  readonly brief: boolean;
  readonly index: number;
  readonly style: CSSProperties;
  readonly measure: (element: HTMLElement | null) => void;
  readonly onPick: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onSign: (row: Incident) => void;
}

const GAUGE_FULL_MS = 30 * 60_000;

/** One alert. Left to right: how long, who, why, how much, what is being done. */
export const QueueRow = memo(function QueueRow({ row, picked, brief, index, style, measure, onPick, onOpen, onSign }: Props): ReactNode {
  const { texts, language, say } = useLanguage();
  const nowMs = useCountyNow();
  const { subject } = row;
  const leftMs = row.lossAtMs - nowMs;
  const left = timeLeft(leftMs, texts);
  const shade = shadeOf(row);
  const grave = shade === 'P1' ? 'ink P1' : '';
  const scam = row.scam === null ? texts.queue.unknown : SCAMS[row.scam][language];
  const person = [subject.sex === null ? null : texts.queue.sex[subject.sex], subject.age].filter((part) => part !== null).join(' ');
  const where = [subject.communityName ?? row.stationName, subject.liveAlone === true ? texts.queue.alone : null]
    .filter((part) => part !== null)
    .join(' · ');
  const age =
    subject.position === null
      ? null
      : texts.queue.position(duration(nowMs - subject.position.atMs, texts), distance(subject.position.radiusM, texts));
  const handling = <Handling row={row} nowMs={nowMs} brief={brief} onSign={brief ? null : () => onSign(row)} />;
  const common = {
    ref: measure,
    'data-index': index,
    style,
    role: 'row',
    'aria-selected': picked,
    onClick: () => onPick(row.id),
    onDoubleClick: () => onOpen(row.id),
  } as const;
  if (brief)
    return (
      <div {...common} className={`row qgrid brief ${shade} ${picked ? 'picked' : ''} ${row.state === 'CLOSED' ? 'closed' : ''}`}>
        <div role="cell" className={`left ${grave}`}>
          {left}
        </div>
        <div role="cell" className="lead cut">
          <LevelTag level={row.level} over={shade === 'over'} />
          <b className="cut">{subject.maskedName}</b>
        </div>
        <div role="cell" className="why">
          <b>{scam}</b>
          {say(row.why)}
        </div>
        <div role="cell" className="loss">
          {roughYuan(row.expectedLossFen)}
        </div>
        <div role="cell">{handling}</div>
      </div>
    );
  return (
    <div {...common} className={`row qgrid ${shade} ${picked ? 'picked' : ''} ${row.state === 'CLOSED' ? 'closed' : ''}`}>
      <div role="cell">
        <div className={`left ${grave} ${left.length > 7 ? 'long' : ''}`}>{left}</div>
        <div className={`gauge ink ${shade}`}>
          <i style={{ width: `${Math.round(100 * Math.max(0, Math.min(1, 1 - leftMs / GAUGE_FULL_MS)))}%` }} />
        </div>
        <LevelTag level={row.level} over={shade === 'over'} />
      </div>
      <div role="cell">
        <div className="who">
          <b className="cut" title={subject.maskedName}>
            {subject.maskedName}
          </b>
          <span style={{ whiteSpace: 'nowrap' }}>{person}</span>
        </div>
        <div className="small soft">{subject.maskedPhone ?? texts.queue.unknown}</div>
        <div className="small soft cut" title={where}>
          {where}
        </div>
      </div>
      <div role="cell">
        <div className="why" title={say(row.why)}>
          <b>{scam}</b>
          {say(row.why)}
        </div>
        <div className="small soft cut">
          {[
            row.exploration === true ? texts.exploration.tag : null,
            row.sources.map((source) => sourceName(source, texts)).join(' · '),
            texts.queue.probability(probability(row.score)),
            row.scoredBy === 'rules' ? texts.queue.rulesOnly : null,
            row.alerts > 1 ? texts.queue.merged(row.alerts) : null,
            age,
          ]
            .filter((part) => part !== null && part !== '')
            .join(' · ')}
        </div>
      </div>
      <div role="cell">
        <div className="loss">{roughYuan(row.expectedLossFen)}</div>
        <div className="small soft">{texts.queue.lost(yuan(row.lostFen))}</div>
      </div>
      <div role="cell">{handling}</div>
    </div>
  );
});
