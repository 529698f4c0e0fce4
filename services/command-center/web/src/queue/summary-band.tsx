import { SCAMS, type Scam } from '@skyeye/contracts';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useCountyNow } from '../live/use-feed.tsx';
import { roughYuan, timeLeft } from '../shell/format.ts';
import { useLanguage } from '../texts/language.tsx';
import type { Group } from './order.ts';

interface Props {
  readonly groups: readonly Group[];
  readonly picked: string | null;
  readonly onPick: (station: string | null) => void;
  readonly onOff: () => void;
}

/** Above seven who are being defrauded now nobody reads rows: the districts come first, each as one card. */
export function SummaryBand({ groups, picked, onPick, onOff }: Props): ReactNode {
  const { texts, language } = useLanguage();
  const words = texts.summary;
  const nowMs = useCountyNow();
  const title = words.title(groups.reduce((sum, group) => sum + group.count, 0));
  return (
    <section className="summary" aria-label={title}>
      <div className="head">
        <strong>{title}</strong>
        <span className="soft small cut" style={{ flex: 1 }}>
          {words.hint}
        </span>
        {picked === null ? null : (
          <Button size="small" onClick={() => onPick(null)}>
            {words.clear}
          </Button>
        )}
        <Button size="small" onClick={onOff}>
          {words.off}
        </Button>
      </div>
      <div className="groups">
        {groups.map((group) => (
          <button
            key={group.station}
            type="button"
            className="group"
            aria-pressed={picked === group.station}
            onClick={() => onPick(picked === group.station ? null : group.station)}
          >
            <span className="top">
              <span className="cut">{group.name}</span>
              <span className="ink P1">{words.group(group.count)}</span>
            </span>
            <span className="small">
              <span className="soft">{words.shortest}</span> <b className="ink P1">{timeLeft(group.soonestMs - nowMs, texts)}</b> ·{' '}
              {roughYuan(group.atRiskFen)}
            </span>
            <span className={`small cut ${group.unsigned > 0 ? 'strong' : 'soft'}`}>
              {group.unsigned > 0 ? words.unsigned(group.unsigned) : words.signedAll} ·{' '}
              <span className="soft">{group.scams.map((scam) => SCAMS[scam as Scam][language]).join(language === 'zh' ? '、' : ', ')}</span>
            </span>
          </button>
        ))}
      </div>
    </section>
  );
}
