import type { SubjectDraftDecision, SubjectRowView } from '@skyeye/contracts';
import { App, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { Field } from '../incident/dialogs/field.tsx';
import { useActs } from '../incident/use-acts.ts';
import { useTexts } from '../texts/language.tsx';

export type Decision = SubjectDraftDecision['decision'];

const REASON_MIN = 2;

/** A person decides, with the reason that the audit keeps. What was typed stays if it is refused. */
export function DraftDialog({
  row,
  decision,
  onClose,
  onDone,
}: {
  readonly row: SubjectRowView;
  readonly decision: Decision;
  readonly onClose: () => void;
  readonly onDone: () => void;
}): ReactNode {
  const texts = useTexts();
  const words = texts.subjects.dialog;
  const { message } = App.useApp();
  const { explain } = useActs();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const kind = row.draft?.kind ?? 'stop_payment';
  const decide = async (): Promise<void> => {
    setBusy(true);
    try {
      await api.decideDraft(row.id, { decision, reason: reason.trim() });
      void message.success(words.done[decision]);
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
      title={decision === 'ordered' ? texts.subjects.order[kind] : words.dismissTitle}
      okText={words.submit}
      cancelText={texts.dialogs.cancel}
      okButtonProps={{ disabled: reason.trim().length < REASON_MIN, danger: decision === 'ordered' }}
      confirmLoading={busy}
      onOk={() => void decide()}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="soft" style={{ marginBottom: 12 }}>
        {row.masked} · {decision === 'ordered' ? words.law[kind] : words.dismissHint}
      </p>
      <Field label={words.reason}>
        <Input.TextArea rows={3} maxLength={200} showCount value={reason} onChange={(event) => setReason(event.target.value)} autoFocus />
      </Field>
    </Modal>
  );
}
