import type { UnknownListed } from '@skyeye/contracts';
import { App, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { Field } from '../incident/dialogs/field.tsx';
import { useActs } from '../incident/use-acts.ts';
import { useTexts } from '../texts/language.tsx';

export type Verdict = NonNullable<UnknownListed['verdict']>;

const NOTE_MIN = 4;

/** The verdict asks for its reason, which whoever writes the next rule starts from. What was typed stays if it is refused. */
export function VerdictDialog({
  row,
  verdict,
  onClose,
  onDone,
}: {
  readonly row: UnknownListed;
  readonly verdict: Verdict;
  readonly onClose: () => void;
  readonly onDone: () => void;
}): ReactNode {
  const texts = useTexts();
  const words = texts.unknowns.dialog;
  const { message } = App.useApp();
  const { explain } = useActs();
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const ready = note.trim().length >= NOTE_MIN;
  const decide = async (): Promise<void> => {
    setBusy(true);
    try {
      await api.decideUnknown(row.day, row.rank, { verdict, note: note.trim() });
      void message.success(texts.unknowns.done);
      onDone();
      onClose();
    } catch (error) {
      void message.error(explain(error));
      onDone();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={words.titles[verdict]}
      okText={words.submit}
      cancelText={texts.dialogs.cancel}
      okButtonProps={{ disabled: !ready }}
      confirmLoading={busy}
      onOk={() => void decide()}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="soft" style={{ marginBottom: 12 }}>
        {row.maskedName} · {words.about(`${row.day.slice(4, 6)}-${row.day.slice(6, 8)}`, row.rank)}
      </p>
      <Field label={words.note} hint={ready ? words.hints[verdict] : `${words.hints[verdict]} ${words.short}`}>
        <Input.TextArea rows={3} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} autoFocus />
      </Field>
    </Modal>
  );
}
