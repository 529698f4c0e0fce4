import { useInfiniteQuery } from '@tanstack/react-query';
import { Alert, Button, Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { fullTime } from '../live/county-clock.ts';
import { Failing, Loading } from '../shell/page-states.tsx';
import { useTexts } from '../texts/language.tsx';

/** Everything that was done, newest first, and whether the chain of digests still holds. */
export function AuditPage(): ReactNode {
  const { audit: words } = useTexts();
  const [search, setSearch] = useState('');
  const pages = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) => api.audit(pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.entries.at(-1)?.seq ?? null,
  });
  if (pages.data === undefined)
    return pages.error === null ? <Loading /> : <Failing error={pages.error} onRetry={() => void pages.refetch()} />;
  const broken = pages.data.pages.find((page) => !page.intact);
  const kindOf = (kind: string): string => words.kinds[kind] ?? kind;
  const wanted = search.trim().toLowerCase();
  const entries = pages.data.pages
    .flatMap((page) => page.entries)
    .filter(
      (entry) =>
        wanted === '' ||
        `${entry.by} ${entry.byName ?? ''} ${entry.kind} ${kindOf(entry.kind)} ${entry.subject}`.toLowerCase().includes(wanted),
    );
  return (
    <div className="page">
      {broken === undefined ? (
        <Alert type="success" showIcon title={words.intact} />
      ) : (
        <Alert type="error" showIcon title={words.broken(broken.brokenAt ?? 0)} />
      )}
      <section className="card" aria-label={words.title}>
        <header>
          <h2>{words.title}</h2>
          <Input
            size="small"
            allowClear
            style={{ width: 260 }}
            placeholder={words.search}
            aria-label={words.search}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </header>
        {entries.length === 0 ? (
          <div className="state">{words.empty}</div>
        ) : (
          <div className="scroll">
            <table className="grid">
              <thead>
                <tr>
                  <th className="num">{words.columns.seq}</th>
                  <th>{words.columns.at}</th>
                  <th>{words.columns.by}</th>
                  <th>{words.columns.kind}</th>
                  <th>{words.columns.subject}</th>
                  <th>{words.columns.facts}</th>
                  <th>{words.columns.hash}</th>
                </tr>
              </thead>
              <tbody>
                {entries.map((entry) => (
                  <tr key={entry.seq}>
                    <td className="num soft">{entry.seq}</td>
                    <td style={{ whiteSpace: 'nowrap' }}>{fullTime(entry.atMs)}</td>
                    <td style={{ whiteSpace: 'nowrap' }} title={entry.by}>
                      {entry.byName ?? entry.by}
                    </td>
                    <td style={{ whiteSpace: 'nowrap' }} title={entry.kind}>
                      {kindOf(entry.kind)}
                    </td>
                    <td className="small" style={{ whiteSpace: 'nowrap' }}>
                      {entry.subject}
                    </td>
                    <td className="small" style={{ overflowWrap: 'anywhere' }}>
                      {Object.entries(entry.facts)
                        .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
                        .join(' ')}
                    </td>
                    <td>
                      <code title={entry.hash}>{entry.hash.slice(0, 10)}…</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {pages.hasNextPage ? (
        <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()} style={{ justifySelf: 'center' }}>
          {words.more}
        </Button>
      ) : null}
    </div>
  );
}
