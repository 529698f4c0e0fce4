import { ERASED_KINDS, type ErasureAsk } from '@skyeye/contracts';
import { App, Button, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { Field } from '../incident/dialogs/field.tsx';
import { useTexts } from '../texts/language.tsx';
import { useChange } from './use-change.ts';

type Identifier = ErasureAsk['identifiers'][number];

const MOST = 16;
const VALUE_MIN = 4;
const REASON_MIN = 2;
const FRESH: Identifier = { kind: 'person', value: '' };
const CHANGED = ['erasures'];

/** What the operator types goes to the server, becomes tokens there, and is dropped here once it is sent. */
export function ErasureAskCard({ onDone }: { readonly onDone: () => void }): ReactNode {
  const { erasures: words } = useTexts();
  const { message } = App.useApp();
  const change = useChange(CHANGED);
  const [identifiers, setIdentifiers] = useState<readonly Identifier[]>([FRESH]);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const ready = identifiers.every(({ value }) => value.trim().length >= VALUE_MIN) && reason.trim().length >= REASON_MIN;
  const put = (at: number, part: Partial<Identifier>): void =>
    setIdentifiers(identifiers.map((one, index) => (index === at ? { ...one, ...part } : one)));
  const send = async (): Promise<void> => {
    setBusy(true);
    let keys = 0;
    const done = await change(async () => {
      ({ keys } = await api.askErasure({
        identifiers: identifiers.map(({ kind, value }) => ({ kind, value: value.trim() })),
        reason: reason.trim(),
      }));
    }, words.submit);
    setBusy(false);
    if (!done) return;
    void message.success(words.asked(keys));
    setIdentifiers([FRESH]);
    setReason('');
    onDone();
  };
  return (
    <section className="card" aria-label={words.ask}>
      <header>
        <h2>{words.ask}</h2>
        <span className="small soft cut" title={words.askHint}>
          {words.askHint}
        </span>
      </header>
      <form
        className="body ask"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void send();
        }}
      >
        {identifiers.map((one, at) => (
          <div key={at} className="identifier">
            <Select
              aria-label={words.columns.keys}
              style={{ width: 130 }}
              value={one.kind}
              onChange={(kind) => put(at, { kind })}
              options={ERASED_KINDS.map((kind) => ({ value: kind, label: words.kinds[kind] }))}
            />
            <Input
              aria-label={words.value}
              placeholder={words.value}
              autoComplete="off"
              maxLength={64}
              value={one.value}
              onChange={(event) => put(at, { value: event.target.value })}
            />
            {identifiers.length > 1 ? (
              <Button type="text" aria-label={words.remove} onClick={() => setIdentifiers(identifiers.filter((_, index) => index !== at))}>
                ✕
              </Button>
            ) : null}
          </div>
        ))}
        {identifiers.length < MOST ? (
          <Button
            type="link"
            size="small"
            style={{ justifySelf: 'start', paddingInline: 0 }}
            onClick={() => setIdentifiers([...identifiers, { kind: 'phone', value: '' }])}
          >
            {words.add}
          </Button>
        ) : null}
        <Field label={words.reason} hint={reason.trim().length < REASON_MIN ? words.reasonShort : undefined}>
          <Input maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <Button type="primary" htmlType="submit" disabled={!ready} loading={busy} style={{ justifySelf: 'start' }}>
          {words.submit}
        </Button>
      </form>
    </section>
  );
}
