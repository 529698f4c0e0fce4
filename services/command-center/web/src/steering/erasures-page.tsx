import type { ErasureRow } from '@skyeye/contracts';
import { useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { dayTime } from '../live/county-clock.ts';
import { useMe } from '../live/use-feed.tsx';
import { Empty, Failing, Loading } from '../shell/page-states.tsx';
import { useTexts } from '../texts/language.tsx';
import { ErasureAskCard } from './erasure-ask-card.tsx';
import { ApproveDialog, ReceiptDialog, RefuseDialog } from './erasure-dialogs.tsx';
import './steering.css';
import { useChange } from './use-change.ts';

const EVERY_MS = 10_000;
const CHANGED = ['erasures'];
const MARKS: Readonly<Record<ErasureRow['state'], string>> = {
  asked: 'ring ink P3',
  approved: 'square ink P4',
  done: 'ink ok',
  refused: 'square',
  expired: 'quiet soft',
};

/** Requests to be erased: an operator records them, a duty leader decides, and the receipt says what is gone and what the law keeps. */
export function ErasuresPage(): ReactNode {
  const { erasures: words } = useTexts();
  const me = useMe();
  const { message } = App.useApp();
  const change = useChange(CHANGED);
  const [asked, setAsked] = useState<{ readonly row: ErasureRow; readonly act: 'approve' | 'refuse' | 'receipt' } | null>(null);
  const list = useQuery({ queryKey: ['erasures'], queryFn: api.erasures, refetchInterval: EVERY_MS });
  if (list.data === undefined)
    return list.error === null ? <Loading /> : <Failing error={list.error} onRetry={() => void list.refetch()} />;
  const rows = list.data.erasures;
  const again = async (row: ErasureRow): Promise<void> => {
    await change(async () => {
      if ((await api.approveErasure(row.id)).state === 'running') void message.info(words.running);
    }, words.approved);
  };
  return (
    <div className="page">
      {me.role === 'operator' ? <ErasureAskCard onDone={() => void list.refetch()} /> : null}
      <section className="card" aria-label={words.title}>
        <header>
          <h2>{words.title}</h2>
          <span className="small soft">{words.subtitle}</span>
        </header>
        {rows.length === 0 ? (
          <Empty title={words.empty} hint={words.emptyHint} />
        ) : (
          <div className="scroll">
            <table className="grid erasures">
              <thead>
                <tr>
                  <th>{words.columns.id}</th>
                  <th>{words.columns.at}</th>
                  <th>{words.columns.reason}</th>
                  <th className="num">{words.columns.keys}</th>
                  <th>{words.columns.state}</th>
                  <th>{words.columns.decided}</th>
                  <th aria-label={words.columns.act} />
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.id}>
                    <td>
                      <code className="small" title={row.id}>
                        {row.id.slice(0, 8)}
                      </code>
                    </td>
                    <td className="nowrap">
                      {dayTime(row.askedMs)}
                      <div className="small soft">{row.askedBy}</div>
                    </td>
                    <td className="reason">{row.reason}</td>
                    <td className="num">{words.keys(row.keys)}</td>
                    <td>
                      <span className={`mark ${MARKS[row.state]}`}>{words.states[row.state]}</span>
                      {row.refusal === null ? null : <div className="small soft reason">{row.refusal}</div>}
                    </td>
                    <td className="nowrap">
                      {row.decidedMs === null ? null : (
                        <>
                          {dayTime(row.decidedMs)}
                          <div className="small soft">{row.decidedBy}</div>
                        </>
                      )}
                    </td>
                    <td className="acts">
                      <span>
                        {row.state === 'asked' && me.role === 'leader' ? (
                          <>
                            <Button size="small" type="primary" onClick={() => setAsked({ row, act: 'approve' })}>
                              {words.approve}
                            </Button>
                            <Button size="small" type="text" danger onClick={() => setAsked({ row, act: 'refuse' })}>
                              {words.refuse}
                            </Button>
                          </>
                        ) : null}
                        {row.state === 'approved' && me.role === 'leader' ? (
                          <Button size="small" onClick={() => void again(row)}>
                            {words.again}
                          </Button>
                        ) : null}
                        {row.state === 'done' ? (
                          <Button size="small" onClick={() => setAsked({ row, act: 'receipt' })}>
                            {words.receipt}
                          </Button>
                        ) : null}
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {asked?.act === 'approve' ? <ApproveDialog row={asked.row} change={change} onClose={() => setAsked(null)} /> : null}
      {asked?.act === 'refuse' ? <RefuseDialog row={asked.row} change={change} onClose={() => setAsked(null)} /> : null}
      {asked?.act === 'receipt' ? <ReceiptDialog row={asked.row} onClose={() => setAsked(null)} /> : null}
    </div>
  );
}
