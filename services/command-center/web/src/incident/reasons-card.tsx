import type { IncidentDetail } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { useLanguage } from '../texts/language.tsx';

export function ReasonsCard({ detail }: { readonly detail: IncidentDetail }): ReactNode {
  const { texts, say } = useLanguage();
  const words = texts.reasons;
  const versions = Object.entries(detail.versions)
    .map(([part, version]) => `${part} ${version}`)
    .join(' · ');
  return (
    <section className="card" aria-label={words.title}>
      <header>
        <h2>{words.title}</h2>
        <span className="small soft">{words.contribution}</span>
      </header>
      <div className="body">
        {detail.reasons.length === 0 ? <p className="soft">{words.empty}</p> : null}
        <ul className="reasons">
          {detail.reasons.map((reason) => (
            <li key={reason.feature} title={reason.feature}>
              <b className={reason.contribution < 0 ? 'ink ok' : 'ink P4'}>
                {reason.contribution < 0 ? '−' : '+'}
                {Math.abs(reason.contribution).toFixed(2)}
              </b>
              <span>
                {reason.approximate === true ? <abbr title={words.approximateWhy}>{words.approximate}</abbr> : null} {say(reason.says)}
              </span>
              <span className="small soft">{reason.evidence.length > 0 ? words.evidence(reason.evidence.length) : ''}</span>
            </li>
          ))}
        </ul>
        <p className="small soft cut" title={versions}>
          {words.versions} {versions}
        </p>
      </div>
    </section>
  );
}
