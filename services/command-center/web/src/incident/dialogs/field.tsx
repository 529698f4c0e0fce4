import type { ReactNode } from 'react';

export function Field({
  label,
  hint,
  children,
}: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <label style={{ display: 'grid', gap: 6 }}>
      <span className="strong">{label}</span>
      {children}
      {hint === undefined ? null : <span className="small soft">{hint}</span>}
    </label>
  );
}
