import { Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { Field } from '../incident/dialogs/field.tsx';
import { useTexts } from '../texts/language.tsx';

interface Props {
  readonly title: string;
  /** Whom or what it is about. */
  readonly about: string;
  /** What will happen. */
  readonly explain: string;
  readonly submit: string;
  readonly danger?: boolean;
  readonly width?: number;
  /** False while something else than the reason is missing. */
  readonly ready?: boolean;
  readonly label?: string;
  readonly act: (reason: string) => Promise<boolean>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

const REASON_MIN = 4;

/** Every act that steers the engine asks for its reason. What was typed stays if it is refused. */
export function ActDialog({
  title,
  about,
  explain,
  submit,
  danger = false,
  width = 520,
  ready = true,
  label,
  act,
  onClose,
  children,
}: Props): ReactNode {
  const { steering, dialogs } = useTexts();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const long = reason.trim().length >= REASON_MIN;
  const run = async (): Promise<void> => {
    setBusy(true);
    const done = await act(reason.trim());
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Modal
      open
      title={title}
      width={width}
      okText={submit}
      cancelText={dialogs.cancel}
      okButtonProps={{ disabled: !long || !ready, danger }}
      confirmLoading={busy}
      onOk={() => void run()}
      onCancel={onClose}
      destroyOnHidden
    >
      <div style={{ display: 'grid', gap: 12 }}>
        <p className="strong" style={{ overflowWrap: 'anywhere' }}>
          {about}
        </p>
        <p className="soft">{explain}</p>
        {children}
        <Field label={label ?? steering.reason} hint={long ? undefined : steering.short}>
          <Input.TextArea
            rows={3}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            autoFocus={children === undefined}
          />
        </Field>
      </div>
    </Modal>
  );
}
