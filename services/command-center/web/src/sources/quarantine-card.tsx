import type { QuarantinedRow } from '@skyeye/contracts';
import { App, Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { useActs } from '../incident/use-acts.ts';
import { dayTime, shortTime } from '../live/county-clock.ts';
import { useCountyNow, useMe } from '../live/use-feed.tsx';
import { useTexts } from '../texts/language.tsx';

/** Refused records: why and where, never what. The operator may send one in again, once, after its cause is mended; it then says who did and when. */
export function QuarantineCard({
  records,
  onReplayed,
}: {
  readonly records: readonly QuarantinedRow[];
  readonly onReplayed: () => void;
}): ReactNode {
  const texts = useTexts();
  const words = texts.sources;
  const me = useMe();
  const today = dayTime(useCountyNow()).slice(0, 5);
  const timeOf = (ms: number): string => (dayTime(ms).startsWith(today) ? shortTime(ms) : dayTime(ms));
  const { message } = App.useApp();
  const { explain } = useActs();
  const [busy, setBusy] = useState<string | null>(null);
  const replay = async (record: QuarantinedRow): Promise<void> => {
    setBusy(record.id);
    try {
      await api.replay(record.id);
      void message.success(texts.done.replay);
      onReplayed();
    } catch (error) {
      void message.error(explain(error));
    } finally {
      setBusy(null);
    }
  };
  const operator = me.role === 'operator';
  const wide = operator || records.some(isReplayed);
  return (
    <section className="card" aria-label={words.quarantineTitle}>
      <header>
        <h2>{words.quarantineTitle}</h2>
        <span className="small soft">{records.length}</span>
      </header>
      {records.length === 0 ? (
        <div className="state" style={{ padding: 20 }}>
          {words.quarantineEmpty}
        </div>
      ) : (
        <div className="scroll" style={{ maxHeight: 420 }}>
          <table className="grid">
            <thead>
              <tr>
                <th>{words.q.at}</th>
                <th>{words.q.topic}</th>
                <th>{words.q.position}</th>
                <th>{words.q.code}</th>
                <th>{words.q.reason}</th>
                <th className="num">{words.q.size}</th>
                {wide ? <th aria-label={words.q.replay} /> : null}
              </tr>
            </thead>
            <tbody>
              {records.map((record) => (
                <tr key={record.id}>
                  <td style={{ whiteSpace: 'nowrap' }}>{dayTime(record.atMs)}</td>
                  <td>{record.topic}</td>
                  <td style={{ whiteSpace: 'nowrap' }}>
                    {record.partition}:{record.offset}
                  </td>
                  <td>
                    <code>{record.code}</code>
                  </td>
                  <td style={{ overflowWrap: 'anywhere', minWidth: 220 }}>{record.reason}</td>
                  <td className="num">{words.bytes(record.bytes.toLocaleString('en-US'))}</td>
                  {wide ? (
                    <td className="num">
                      {isReplayed(record) ? (
                        <span className="small soft">
                          {words.q.replayed(timeOf(record.replayedMs), record.replayedByName ?? record.replayedBy ?? '')}
                        </span>
                      ) : operator ? (
                        <Button size="small" loading={busy === record.id} onClick={() => void replay(record)}>
                          {words.q.replay}
                        </Button>
                      ) : null}
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const isReplayed = (record: QuarantinedRow): record is QuarantinedRow & { readonly replayedMs: number } => record.replayedMs != null;
