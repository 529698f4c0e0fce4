import type { Role } from '@skyeye/contracts';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { inLanguage, useLanguage, useTexts } from '../texts/language.tsx';

export function Loading(): ReactNode {
  const texts = useTexts();
  return (
    <div className="page" role="status" aria-label={texts.pages.loading}>
      <div className="card body" style={{ padding: 16 }}>
        <Skeleton active paragraph={{ rows: 6 }} />
      </div>
    </div>
  );
}

export function Failing({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }): ReactNode {
  const { texts, language } = useLanguage();
  if (error instanceof ApiError && error.status === 403) return <Forbidden role={null} />;
  const detail =
    error instanceof ApiError
      ? error.status === 0
        ? texts.problems.network
        : inLanguage(error.problem?.message ?? `HTTP ${error.status}`, language)
      : String(error instanceof Error ? error.message : error).slice(0, 160);
  return (
    <div className="state" role="alert">
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <path d="M24 6 44 41H4L24 6zM24 19v11M24 35v1" />
      </svg>
      <strong>{texts.pages.failing}</strong>
      <span>{detail}</span>
      <span className="small">{texts.pages.failingHint}</span>
      <Button type="primary" onClick={onRetry}>
        {texts.pages.retry}
      </Button>
    </div>
  );
}

export function Forbidden({ role }: { readonly role: Role | null }): ReactNode {
  const texts = useTexts();
  const onPhone = role === 'officer' || role === 'team' || role === 'grid';
  return (
    <div className="state" role="alert">
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <path d="M12 21h24v20H12zM17 21v-7a7 7 0 0 1 14 0v7M24 29v5" />
      </svg>
      <strong>{texts.pages.forbidden}</strong>
      <span>{onPhone ? texts.pages.fieldOnly : texts.pages.forbiddenHint}</span>
    </div>
  );
}

export function Empty({
  title,
  hint,
  children,
}: {
  readonly title: string;
  readonly hint?: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="state">
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <path d="M24 5 41 11v12c0 10-7 17-17 20C14 40 7 33 7 23V11L24 5zM16 24l6 6 11-12" />
      </svg>
      <strong>{title}</strong>
      {hint === undefined ? null : <span>{hint}</span>}
      {children}
    </div>
  );
}
