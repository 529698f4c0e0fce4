import { Alert, Button, Input } from 'antd';
import { useState, type FormEvent, type ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { api } from '../api/routes.ts';
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
    <div className="signin">
      <form onSubmit={(event) => void submit(event)}>
        <div className="title">
          <img src="./favicon.svg" alt="" />
          <div>
            <h1>{texts.product}</h1>
            <span className="soft">{texts.tagline}</span>
          </div>
        </div>
        {wrong === null ? null : <Alert type="error" showIcon title={wrong} />}
        <label>
          {texts.signIn.account}
          <Input
            size="large"
            name="account"
            autoComplete="username"
            autoFocus
            required
            value={account}
            onChange={(event) => setAccount(event.target.value)}
          />
        </label>
        <label>
          {texts.signIn.password}
          <Input.Password
            size="large"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <Button type="primary" size="large" htmlType="submit" loading={busy} disabled={account === '' || password === ''}>
          {busy ? texts.signIn.busy : texts.signIn.submit}
        </Button>
        <div className="small soft" style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
          <span>{texts.signIn.notice}</span>
          <button type="button" className="plain" style={{ whiteSpace: 'nowrap' }} onClick={toggle}>
            {texts.language}
          </button>
        </div>
      </form>
    </div>
  );
}
