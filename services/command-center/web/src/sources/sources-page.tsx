import type { SourceRow } from '@skyeye/contracts';
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { dayTime } from '../live/county-clock.ts';
import { useCountyNow } from '../live/use-feed.tsx';
import { duration } from '../shell/format.ts';
import { Failing, Loading } from '../shell/page-states.tsx';
import { useLanguage } from '../texts/language.tsx';
import { QuarantineCard } from './quarantine-card.tsx';

const EVERY_MS = 5_000;

/** The 19 streams: is it flowing, how late, what was refused, and in words what nobody sees while one is silent. */
export function SourcesPage(): ReactNode {
  const { texts, language } = useLanguage();
  const words = texts.sources;
  const nowMs = useCountyNow();
  const sources = useQuery({ queryKey: ['sources'], queryFn: api.sources, refetchInterval: EVERY_MS });
  if (sources.data === undefined)
    return sources.error === null ? <Loading /> : <Failing error={sources.error} onRetry={() => void sources.refetch()} />;
  const rows = sources.data.sources;
  const ill = rows.filter((row) => row.state !== 'ok');
  const ageOf = (row: SourceRow): string => {
    if (row.state === 'clock') return ` ${words.clockOff(duration(Math.abs(row.clockOffMs ?? 0), texts), (row.clockOffMs ?? 0) > 0)}`;
    const ms = row.state === 'late' ? row.delayMsP50 : row.lastEventMs === null ? null : nowMs - row.lastEventMs;
    return ms === null ? '' : ` ${duration(ms, texts)}`;
  };
  const blindOf = (row: SourceRow): string =>
    row.state === 'ok' ? '' : `${language === 'zh' ? ':' : ': '}${words.blind[row.state](words.sees[row.stream] ?? row.name[language])}`;
  const count = (value: number): string => value.toLocaleString('en-US');
  return (
    <div className="page">
      {ill.length === 0 ? (
        <Alert type="success" showIcon title={words.allFine} />
      ) : (
        <Alert
          type="warning"
          showIcon
          title={words.blindTitle(ill.length)}
          description={
            <ul>
              {ill.map((row) => (
                <li key={row.stream}>
                  <b>{row.name[language]}</b> {words.states[row.state]}
                  {ageOf(row)}
                  {blindOf(row)}
                </li>
              ))}
            </ul>
          }
        />
      )}
      <section className="card" aria-label={words.title}>
        <header>
          <h2>{words.title}</h2>
          <span className="small soft">{words.subtitle}</span>
        </header>
        <div className="scroll">
          <table className="grid">
            <thead>
              <tr>
                <th>{words.columns.source}</th>
                <th>{words.columns.name}</th>
                <th>{words.columns.state}</th>
                <th className="num">{words.columns.rate}</th>
                <th className="num">{words.columns.delay}</th>
                <th className="num">{words.columns.lag}</th>
                <th className="num">{words.accepted}</th>
                <th className="num">{words.normalised}</th>
                <th className="num">{words.duplicate}</th>
                <th className="num">{words.columns.quarantine}</th>
                <th className="num">{words.columns.last}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.stream}>
                  <td className="soft">{row.source}</td>
                  <td>
                    <b style={{ fontWeight: 500 }}>{row.name[language]}</b> <span className="small soft">{row.stream}</span>
                  </td>
                  <td>
                    <span
                      className={`mark ${row.state === 'ok' ? 'ink ok' : row.state === 'late' || row.state === 'clock' ? 'square ink P3' : 'ring ink P2 strong'}`}
                    >
                      {words.states[row.state]}
                    </span>
                  </td>
                  <td className="num">{row.perMinute.toLocaleString('en-US', { maximumFractionDigits: row.perMinute < 10 ? 1 : 0 })}</td>
                  <td className="num">
                    {row.delayMsP50 === null ? words.none : duration(row.delayMsP50, texts)}{' '}
                    <span className="small soft">/ {words.expected(duration(row.expectedDelayMsP50, texts))}</span>
                  </td>
                  <td className={`num ${row.lag > 1000 ? 'strong ink P2' : ''}`}>{count(row.lag)}</td>
                  <td className="num">{count(row.accepted)}</td>
                  <td className="num">{count(row.normalised)}</td>
                  <td className="num">{count(row.duplicate)}</td>
                  <td className={`num ${row.quarantined > 0 ? 'strong' : ''}`}>{count(row.quarantined)}</td>
                  <td className="num" title={row.lastEventMs === null ? '' : dayTime(row.lastEventMs)}>
                    {row.lastEventMs === null ? words.none : texts.map.ago(duration(nowMs - row.lastEventMs, texts))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <QuarantineCard records={sources.data.quarantine} onReplayed={() => void sources.refetch()} />
    </div>
  );
}
