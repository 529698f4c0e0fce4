import type { ReactNode } from 'react';
import { useField, useFieldState } from '../live/use-field.tsx';
import { inLanguage, useLanguage } from '../texts/language.tsx';

/** What has not reached the server, in words; and what the server refused, until it was read. */
export function NetBanner(): ReactNode {
  const { texts, language } = useLanguage();
  const { net, acts } = texts;
  const { store } = useField();
  const { online, pending, refused, loaded } = useFieldState();
  return (
    <>
      {refused.map((one) => (
        <div key={one.clientId} className="banner bad" role="alert">
          <span>{net.refused(acts[one.verb], inLanguage(one.why, language))}</span>
          <button type="button" className="plain" onClick={() => store.dismiss(one.clientId)}>
            {net.dismiss}
          </button>
        </div>
      ))}
      {!online && loaded ? (
        <div className="banner" role="status">
          {net.offline} · {pending.length > 0 ? net.pending(pending.length) : net.none}
        </div>
      ) : null}
      {online && pending.length > 0 ? (
        <div className="banner" role="status">
          {net.sending(pending.length)}
        </div>
      ) : null}
    </>
  );
}
