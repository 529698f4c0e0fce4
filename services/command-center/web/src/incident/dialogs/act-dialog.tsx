import type { Incident } from '@skyeye/contracts';
import { Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../../texts/language.tsx';

interface Props {
  readonly row: Incident;
  readonly title: string;
  readonly submit: string;
  readonly ready: boolean;
  readonly danger?: boolean;
  readonly width?: number;
  /** True when it was done: the dialog closes; else what was entered stays. */
  readonly act: () => Promise<boolean>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The frame of every act: whom it is about stands above, and a refused act keeps what was typed. */
export function ActDialog({ row, title, submit, ready, danger = false, width = 480, act, onClose, children }: Props): ReactNode {
  const { dialogs, incident } = useTexts();
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    const done = await act();
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
      okButtonProps={{ disabled: !ready, danger }}
      confirmLoading={busy}
      onOk={() => void run()}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="soft" style={{ marginBottom: 12 }}>
        {row.subject.maskedName} · {incident.number(row.number)}
      </p>
      <div style={{ display: 'grid', gap: 12 }}>{children}</div>
    </Modal>
  );
}
