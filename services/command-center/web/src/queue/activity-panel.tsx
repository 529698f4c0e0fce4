import type { ActivityLine } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { shortTime } from '../live/county-clock.ts';
import { useLanguage } from '../texts/language.tsx';

const SHOWN_MAX = 60;

/** What everybody did, newest first; a line opens its incident. */
export function ActivityPanel({ lines }: { readonly lines: readonly ActivityLine[] }): ReactNode {
  const { texts, say } = useLanguage();
  const navigate = useNavigate();
  return (
    <section className="card" aria-label={texts.feed.title}>
      <header>
        <h2>{texts.feed.title}</h2>
      </header>
      {lines.length === 0 ? (
        <div className="state" style={{ padding: 24 }}>
          {texts.feed.empty}
        </div>
      ) : null}
      <ul className="lines">
        {lines.slice(0, SHOWN_MAX).map(({ action, subjectName }) => (
          <li key={action.seq}>
            <time>{shortTime(action.atMs)}</time>
            <button type="button" className="plain" onClick={() => void navigate(`/incidents/${action.incidentId}`)}>
              <b style={{ marginRight: 6 }}>{subjectName}</b>
              {say(action.says)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
