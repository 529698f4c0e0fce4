import type { ReactNode } from 'react';

export function Notice({
  title,
  hint,
  act,
  onAct,
  busy = false,
}: {
  readonly title: string;
  readonly hint?: string;
  readonly act?: string;
  readonly onAct?: () => void;
  readonly busy?: boolean;
}): ReactNode {
  return (
    <div className="notice" role={busy ? 'status' : 'alert'}>
      {busy ? <span className="spin" /> : <img src="./icon.svg" alt="" />}
      <strong>{title}</strong>
      {hint === undefined ? null : <span className="soft">{hint}</span>}
      {act === undefined ? null : (
        <button type="button" className="button main" onClick={onAct}>
          {act}
        </button>
      )}
    </div>
  );
}
