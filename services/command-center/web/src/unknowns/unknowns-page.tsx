import type { UnknownListed } from '@skyeye/contracts';
import { useQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { dayTime } from '../live/county-clock.ts';
import { yuan } from '../shell/format.ts';
import { Empty, Failing, Loading } from '../shell/page-states.tsx';
import { useLanguage, useTexts } from '../texts/language.tsx';
import { LastRunCard } from './last-run-card.tsx';
import './unknowns.css';
import { VerdictDialog, type Verdict } from './verdict-dialog.tsx';

const EVERY_MS = 60_000;
/** Rare things named in a row; the others are in its title. */
const SHOWN = 3;

/** What nobody has a rule for: rare combinations of signals, to be looked at by a person, and what the night before learned. */
export function UnknownsPage(): ReactNode {
  const { unknowns: words } = useTexts();
  const [filter, setFilter] = useState<'open' | 'decided'>('open');
  const [asked, setAsked] = useState<{ readonly row: UnknownListed; readonly verdict: Verdict } | null>(null);
  const list = useQuery({ queryKey: ['unknowns'], queryFn: api.unknowns, refetchInterval: EVERY_MS });
  if (list.data === undefined)
    return list.error === null ? <Loading /> : <Failing error={list.error} onRetry={() => void list.refetch()} />;
  const open = list.data.unknowns.filter(({ verdict }) => verdict === null);
  const rows = filter === 'open' ? open : list.data.unknowns.filter(({ verdict }) => verdict !== null);
  return (
    <div className="page">
      <LastRunCard run={list.data.lastRun} />
      <section className="card" aria-label={words.title}>
        <header>
          <h2>{words.title}</h2>
          <span className="small soft cut" title={words.subtitle}>
            {words.subtitle}
          </span>
          <Segmented
            size="small"
            value={filter}
            onChange={setFilter}
            options={[
              { value: 'open', label: `${words.filters.open} ${open.length}` },
              { value: 'decided', label: words.filters.decided },
            ]}
          />
        </header>
        {rows.length === 0 ? (
          filter === 'open' ? (
            <Empty title={words.empty} hint={words.emptyHint} />
          ) : (
            <Empty title={words.emptyDecided} />
          )
        ) : (
          <div className="scroll">
            <table className="grid unknowns">
              <thead>
                <tr>
                  <th className="at">{words.columns.rank}</th>
                  <th className="who">{words.columns.who}</th>
                  <th>{words.columns.rare}</th>
                  <th className="num">{words.columns.money}</th>
                  <th className="num" title={words.rarityHint}>
                    {words.columns.rarity}
                  </th>
                  <th className="verdict">{words.columns.verdict}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <UnknownRow key={`${row.day}/${row.rank}`} row={row} onAsk={(verdict) => setAsked({ row, verdict })} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {asked === null ? null : <VerdictDialog {...asked} onClose={() => setAsked(null)} onDone={() => void list.refetch()} />}
    </div>
  );
}

function UnknownRow({ row, onAsk }: { readonly row: UnknownListed; readonly onAsk: (verdict: Verdict) => void }): ReactNode {
  const { texts, say } = useLanguage();
  const words = texts.unknowns;
  const person = [row.sex === null ? null : texts.queue.sex[row.sex], row.age].filter((part) => part !== null).join(' ');
  const shareOf = (share: number): string =>
    words.share((share * 10_000).toLocaleString('en-US', { maximumFractionDigits: share < 0.001 ? 1 : 0 }));
  return (
    <tr>
      <td className="at">
        {dayName(row.day)} <span className="soft">· {row.rank}</span>
      </td>
      <td className="who">
        <div className="name">
          <b className="cut" title={row.maskedName}>
            {row.maskedName}
          </b>
          <span>{person}</span>
        </div>
        <div className="small soft cut" title={`${row.maskedPhone ?? ''} ${row.communityName ?? ''}`}>
          {[row.maskedPhone, row.communityName].filter((part) => part !== null).join(' · ')}
        </div>
      </td>
      <td title={row.features.map(({ says, share }) => `${say(says)} ${shareOf(share)}`).join('\n')}>
        <ul>
          {row.features.slice(0, SHOWN).map(({ id, says, share }) => (
            <li key={id}>
              {say(says)} <span className="small soft">{shareOf(share)}</span>
            </li>
          ))}
        </ul>
        {row.features.length > SHOWN ? <span className="small soft">{words.more(row.features.length - SHOWN)}</span> : null}
      </td>
      <td className="num">{row.outFen === 0 ? texts.sources.none : yuan(row.outFen)}</td>
      <td className="num">{row.z.toFixed(1)}</td>
      <td className="verdict">
        {row.verdict === null ? (
          <span className="acts">
            <Button size="small" onClick={() => onAsk('suspicious')}>
              {words.suspicious}
            </Button>
            <Button size="small" type="text" onClick={() => onAsk('harmless')}>
              {words.harmless}
            </Button>
          </span>
        ) : (
          <>
            <span className={`mark ${row.verdict === 'suspicious' ? 'square ink P3' : 'ink ok'}`}>{words[row.verdict]}</span>
            <div className="small soft cut" title={row.note ?? ''}>
              {row.note}
            </div>
            <div className="small soft">{words.decidedBy(row.decidedByName ?? row.decidedBy ?? '', dayTime(row.decidedMs ?? 0))}</div>
          </>
        )}
      </td>
    </tr>
  );
}

/** `20260915` as 09-15. */
const dayName = (day: string): string => `${day.slice(4, 6)}-${day.slice(6, 8)}`;
