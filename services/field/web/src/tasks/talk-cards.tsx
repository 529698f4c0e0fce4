import type { FieldTask } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { useLanguage } from '../texts/language.tsx';

export function TalkCards({ task }: { readonly task: FieldTask }): ReactNode {
  const { texts, say } = useLanguage();
  const { openers, scammerSays, lookFor } = task.talkTrack;
  const quoted = (line: string): string => (/^["“]/.test(line) ? line : `“${line}”`);
  return (
    <>
      {task.why === null ? null : (
        <div className="card">
          <h3>{texts.task.why}</h3>
          <p>{say(task.why)}</p>
        </div>
      )}
      {openers.length === 0 ? null : (
        <div className="card">
          <h3>{texts.task.openers}</h3>
          <ol className="lines">
            {openers.map((line) => (
              <li key={line}>{quoted(line)}</li>
            ))}
          </ol>
        </div>
      )}
      {scammerSays.length === 0 && lookFor.length === 0 ? null : (
        <div className="card">
          {scammerSays.length === 0 ? null : (
            <>
              <h3>{texts.task.scammer}</h3>
              <p className="soft">{scammerSays.map(quoted).join(' ')}</p>
            </>
          )}
          {lookFor.length === 0 ? null : (
            <>
              <h3>{texts.task.lookFor}</h3>
              <p>{lookFor.join(' · ')}</p>
            </>
          )}
        </div>
      )}
    </>
  );
}
