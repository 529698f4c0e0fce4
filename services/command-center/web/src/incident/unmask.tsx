import type { Unmasked } from '@skyeye/contracts';
import { App, Button, Input, Modal } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { useWallNow } from '../live/use-feed.tsx';
import { stopwatch } from '../shell/format.ts';
import { useTexts } from '../texts/language.tsx';
import { Field } from './dialogs/field.tsx';
import { useActs } from './use-acts.ts';

/** Never longer than this on the screen, whatever the clocks of server and desk make of it. */
const SHOWN_MAX_MS = 5 * 60_000;
const SHOWN_MIN_MS = 20_000;
const PURPOSE_MIN = 4;

/** Name and numbers in clear for as long as the server says, after the purpose was written down. Held in this component alone. */
export function Unmask({
  id,
  asking,
  onAsked,
}: {
  readonly id: string;
  readonly asking: boolean;
  readonly onAsked: () => void;
}): ReactNode {
  const texts = useTexts();
  const words = texts.dialogs.unmask;
  const { message } = App.useApp();
  const { explain } = useActs();
  const nowMs = useWallNow();
  const [purpose, setPurpose] = useState('');
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState<{ readonly clear: Unmasked; readonly untilMs: number } | null>(null);
  useEffect(() => setShown(null), [id]);
  useEffect(() => {
    if (shown !== null && nowMs >= shown.untilMs) setShown(null);
  }, [shown, nowMs]);
  const ask = async (): Promise<void> => {
    setBusy(true);
    try {
      const clear = await api.unmask(id, purpose.trim());
      const shownMs = Math.max(SHOWN_MIN_MS, Math.min(SHOWN_MAX_MS, clear.untilMs - Date.now()));
      setShown({ clear, untilMs: Date.now() + shownMs });
      setPurpose('');
      onAsked();
      void message.success(texts.done.unmask);
    } catch (error) {
      void message.error(explain(error));
    } finally {
      setBusy(false);
    }
  };
  const short = purpose.trim().length < PURPOSE_MIN;
  return (
    <>
      {shown === null ? null : (
        <div className="unmasked">
          <span>
            {texts.incident.name} <b>{shown.clear.name}</b>
          </span>
          <span>
            {texts.incident.phone} <b>{shown.clear.phone ?? '–'}</b>
          </span>
          <span>
            {texts.incident.idNumber} <b>{shown.clear.idNumber ?? '–'}</b>
          </span>
          <span>
            {texts.incident.address} <b>{shown.clear.address ?? '–'}</b>
          </span>
          <span className="small soft">{texts.incident.unmaskedUntil(stopwatch(shown.untilMs - nowMs))}</span>
          <Button size="small" onClick={() => setShown(null)}>
            {texts.incident.hide}
          </Button>
        </div>
      )}
      <Modal
        open={asking}
        title={words.title}
        okText={words.submit}
        cancelText={texts.dialogs.cancel}
        okButtonProps={{ disabled: short }}
        confirmLoading={busy}
        onOk={() => void ask()}
        onCancel={onAsked}
        destroyOnHidden
      >
        <Field label={words.purpose} hint={short ? words.short : undefined}>
          <Input.TextArea autoFocus rows={2} maxLength={200} value={purpose} onChange={(event) => setPurpose(event.target.value)} />
        </Field>
        <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap', marginTop: 10 }}>
          {words.quick.map((text) => (
            <button key={text} type="button" className="chip" onClick={() => setPurpose(text)}>
              {text}
            </button>
          ))}
        </div>
      </Modal>
    </>
  );
}
