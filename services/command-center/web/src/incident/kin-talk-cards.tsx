import type { IncidentDetail } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/language.tsx';

export function KinTalkCards({ detail }: { readonly detail: IncidentDetail }): ReactNode {
  const texts = useTexts();
  const { talkTrack, kin } = detail;
  return (
    <div className="pair">
      <section className="card" aria-label={texts.talk.title}>
        <header>
          <h2>{texts.talk.title}</h2>
        </header>
        <div className="body">
          <ol style={{ display: 'grid', gap: 6 }}>
            {(talkTrack?.openers ?? []).map((line, index) => (
              <li key={line}>
                {index + 1}. {line}
              </li>
            ))}
          </ol>
          {talkTrack === null ? null : (
            <p className="small soft" style={{ marginTop: 8 }}>
              {texts.talk.scammerSays}:{talkTrack.scammerSays.join(' ')}
            </p>
          )}
        </div>
      </section>
      <section className="card" aria-label={texts.kin.title}>
        <header>
          <h2>{texts.kin.title}</h2>
        </header>
        <div className="body">
          {kin.length === 0 ? <p className="soft">{texts.kin.none}</p> : null}
          <dl className="facts">
            {kin.map((one) => [
              <dt key={one.person}>{one.relation}</dt>,
              <dd key={`${one.person}:is`}>
                {one.maskedName} <span className="soft">{one.maskedPhone ?? ''}</span>
              </dd>,
            ])}
          </dl>
          {talkTrack === null ? null : (
            <p className="small soft" style={{ marginTop: 8 }}>
              {texts.talk.lookFor}:{talkTrack.lookFor.join(' · ')}
            </p>
          )}
        </div>
      </section>
    </div>
  );
}
