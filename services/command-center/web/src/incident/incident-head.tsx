import { SCAMS, type IncidentDetail } from '@skyeye/contracts';
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { clockTime } from '../live/county-clock.ts';
import { useCountyNow } from '../live/use-feed.tsx';
import { isBeingDefrauded, isOpen, shadeOf } from '../queue/order.ts';
import { distance, duration, probability, roughYuan, timeLeft } from '../shell/format.ts';
import { LevelTag } from '../shell/level-tag.tsx';
import { useLanguage } from '../texts/language.tsx';
import { Unmask } from './unmask.tsx';

export function IncidentHead({ detail }: { readonly detail: IncidentDetail }): ReactNode {
  const { texts, language } = useLanguage();
  const navigate = useNavigate();
  const nowMs = useCountyNow();
  const [asking, setAsking] = useState(false);
  const { subject } = detail;
  const words = texts.incident;
  const open = isOpen(detail);
  const reached = shadeOf(detail) === 'over';
  const grave = isBeingDefrauded(detail) ? 'ink P1' : '';
  const about = [
    subject.maskedPhone,
    subject.communityName,
    subject.liveAlone === true ? texts.queue.alone : null,
    subject.position === null
      ? null
      : texts.queue.position(duration(nowMs - subject.position.atMs, texts), distance(subject.position.radiusM, texts)),
  ];
  const facts = [
    detail.exploration === true ? texts.exploration.tag : null,
    detail.scam === null ? null : SCAMS[detail.scam][language],
    words.number(detail.number),
    words.createdAt(clockTime(detail.createdMs)),
    detail.signedBy === null || detail.signedMs === null
      ? null
      : words.signedAt(detail.signedByName ?? detail.signedBy, clockTime(detail.signedMs)),
    detail.alerts > 1 ? texts.queue.merged(detail.alerts) : null,
    texts.states[detail.state],
    detail.scoredBy === 'rules' ? words.byRules : null,
  ];
  const joined = (parts: readonly (string | null)[]): string => parts.filter((part) => part !== null && part !== '').join(' · ');
  return (
    <header className="ihead">
      <Button type="text" aria-label={words.back} title={`${words.back} (Esc)`} onClick={() => void navigate('/')}>
        ←
      </Button>
      <LevelTag
        level={detail.level}
        name={open && !reached ? texts.levels[detail.level] : texts.states[detail.state]}
        over={!open || reached}
        big
      />
      <div className="who">
        <div className="name">
          <span className="cut" title={subject.maskedName}>
            {subject.maskedName}
          </span>
          <span>
            {subject.sex === null ? '' : texts.queue.sex[subject.sex]} {subject.age ?? ''}
          </span>
          <small>{joined(about)}</small>
          <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setAsking(true)}>
            {words.unmask}
          </Button>
        </div>
        <div className="soft small cut" style={{ fontSize: 13 }} title={joined(facts)}>
          {joined(facts)}
        </div>
        <Unmask id={detail.id} asking={asking} onAsked={() => setAsking(false)} />
      </div>
      <div className="figure">
        <span>{words.left}</span>
        <b className={grave}>{timeLeft(detail.lossAtMs - nowMs, texts)}</b>
      </div>
      <div className="figure">
        <span>{words.loss}</span>
        <b className={grave}>{roughYuan(detail.expectedLossFen)}</b>
      </div>
      <div className="figure">
        <span>{words.probability}</span>
        <b>{probability(detail.score)}</b>
      </div>
    </header>
  );
}
