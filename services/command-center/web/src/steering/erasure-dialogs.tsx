import type { ErasureRow } from '@skyeye/contracts';
import { Button, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { fullTime } from '../live/county-clock.ts';
import { useTexts } from '../texts/language.tsx';
import { ActDialog } from './act-dialog.tsx';

interface Props {
  readonly row: ErasureRow;
  readonly change: (act: () => Promise<unknown>, says: string) => Promise<boolean>;
  readonly onClose: () => void;
}

/** It cannot be undone, so it says first what goes and what the law keeps. */
export function ApproveDialog({ row, change, onClose }: Props): ReactNode {
  const texts = useTexts();
  const words = texts.erasures;
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    const done = await change(() => api.approveErasure(row.id), words.approved);
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Modal
      open
      title={words.approveTitle}
      okText={words.approve}
      cancelText={texts.dialogs.cancel}
      confirmLoading={busy}
      onOk={() => void run()}
      onCancel={onClose}
      destroyOnHidden
    >
      <div style={{ display: 'grid', gap: 12 }}>
        <p className="strong">
          {row.id.slice(0, 8)} · {words.keys(row.keys)} · {row.reason}
        </p>
        <p className="soft">{words.approveHint}</p>
        <List items={words.kept} />
      </div>
    </Modal>
  );
}

export function RefuseDialog({ row, change, onClose }: Props): ReactNode {
  const { erasures: words } = useTexts();
  return (
    <ActDialog
      title={words.refuseTitle}
      about={`${row.id.slice(0, 8)} · ${row.reason}`}
      explain={words.refuseHint}
      submit={words.refuse}
      label={words.refuseReason}
      danger
      act={(reason) => change(() => api.refuseErasure(row.id, reason), words.refusedDone)}
      onClose={onClose}
    />
  );
}

/** What the person gets: when, by whom, what is gone, what stays and why, and where it can be checked. No name, no number. */
export function ReceiptDialog({ row, onClose }: { readonly row: ErasureRow; readonly onClose: () => void }): ReactNode {
  const { erasures: words } = useTexts();
  const names = words.columnsReceipt;
  const facts: readonly (readonly [string, string])[] = [
    [names.id, row.id],
    [names.asked, `${fullTime(row.askedMs)} ${row.askedBy}`],
    [names.decided, row.decidedMs === null ? '' : `${fullTime(row.decidedMs)} ${row.decidedBy ?? ''}`],
    [names.done, row.doneMs === null ? '' : fullTime(row.doneMs)],
    [names.keys, words.keys(row.keys)],
    [names.audit, row.receipt === null ? '' : words.receiptOf(row.receipt.seq)],
    [names.hash, row.receipt?.hash ?? ''],
  ];
  return (
    <Modal
      open
      width={620}
      title={words.receiptTitle}
      onCancel={onClose}
      footer={[
        <Button key="close" onClick={onClose}>
          {words.close}
        </Button>,
        <Button key="print" type="primary" onClick={() => window.print()}>
          {words.print}
        </Button>,
      ]}
      destroyOnHidden
    >
      <div className="receipt">
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <h3>{words.deletedTitle}</h3>
        <List items={words.deleted} />
        <h3>{words.keptTitle}</h3>
        <List items={words.kept} />
        <p className="small soft">{words.receiptHint}</p>
      </div>
    </Modal>
  );
}

const List = ({ items }: { readonly items: readonly string[] }): ReactNode => (
  <ul className="plainlist">
    {items.map((item) => (
      <li key={item}>{item}</li>
    ))}
  </ul>
);
