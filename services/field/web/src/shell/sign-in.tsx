import { useState, type FormEvent, type ReactNode } from 'react';
import { ApiError, api } from '../api/client.ts';
import { useLanguage } from '../texts/language.tsx';

export function SignIn({ onDone }: { readonly onDone: () => void }): ReactNode {
  const { texts, toggle } = useLanguage();
  const [account, setAccount] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      await api.signIn(account.trim(), password);
      onDone();
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      setWrong(status === 401 || status === 400 ? texts.signIn.wrong : status === 429 ? texts.signIn.tooMany : texts.signIn.unreachable);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="signin">
      <form onSubmit={(event) => void submit(event)}>
        <div className="brand">
          <img src="./icon.svg" alt="" />
          <div>
            <h1>{texts.product}</h1>
            <span className="soft">{texts.title}</span>
          </div>
        </div>
        {wrong === null ? null : (
          <p className="wrong" role="alert">
            {wrong}
          </p>
        )}
        <label>
          {texts.signIn.account}
          <input
            name="account"
            autoComplete="username"
            autoCapitalize="none"
            required
            value={account}
            onChange={(event) => setAccount(event.target.value)}
          />
        </label>
        <label>
          {texts.signIn.password}
          <input
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <button type="submit" className="button main" disabled={busy || account === '' || password === ''}>
          {busy ? texts.signIn.busy : texts.signIn.submit}
        </button>
        <div className="foot">
          <span className="soft">{texts.signIn.notice}</span>
          <button type="button" className="plain" onClick={toggle}>
            {texts.language}
          </button>
        </div>
      </form>
    </main>
  );
}
