import type { Me } from '@skyeye/contracts';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { ApiError, api } from './api/client.ts';
import { FieldProvider, outbox } from './live/use-field.tsx';
import { SignIn } from './shell/sign-in.tsx';
import { Notice } from './shell/notice.tsx';
import { TaskPages } from './tasks/task-pages.tsx';
import { LanguageProvider, useTexts } from './texts/language.tsx';

export function App(): ReactNode {
  return (
    <LanguageProvider>
      <Session />
    </LanguageProvider>
  );
}

type Who =
  { readonly state: 'loading' } | { readonly state: 'out' } | { readonly state: 'in'; readonly me: Me } | { readonly state: 'failed' };

const FIELD_ROLES = ['officer', 'team', 'grid', 'station'] as const satisfies readonly Me['role'][];

/** Without network the last person signed in on this phone goes on with what the phone knows. */
function Session(): ReactNode {
  const texts = useTexts();
  const [who, setWho] = useState<Who>({ state: 'loading' });
  const ask = useCallback(async (): Promise<void> => {
    try {
      setWho({ state: 'in', me: await api.me() });
    } catch (error) {
      const status = error instanceof ApiError ? error.status : -1;
      if (status === 401) return setWho({ state: 'out' });
      const snapshot = await outbox.saved();
      setWho(snapshot === null ? { state: status === 0 ? 'out' : 'failed' } : { state: 'in', me: snapshot.me });
    }
  }, []);
  useEffect(() => void ask(), [ask]);
  const signOut = async (): Promise<void> => {
    await outbox.forget();
    await api.signOut().catch((cause: unknown) => console.debug('signed out without network', String(cause)));
    setWho({ state: 'out' });
  };
  switch (who.state) {
    case 'loading':
      return <Notice title={texts.list.loading} busy />;
    case 'failed':
      return <Notice title={texts.list.failing} act={texts.list.retry} onAct={() => void ask()} />;
    case 'out':
      return <SignIn onDone={() => void ask()} />;
    case 'in':
      if (!(FIELD_ROLES as readonly string[]).includes(who.me.role))
        return <Notice title={texts.list.forbidden} act={texts.list.signOut} onAct={() => void signOut()} />;
      return (
        <FieldProvider me={who.me}>
          <TaskPages onSignOut={() => void signOut()} onSignedOut={() => setWho({ state: 'out' })} />
        </FieldProvider>
      );
  }
}
