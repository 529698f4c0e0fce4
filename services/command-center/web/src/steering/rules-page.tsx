import type { Level, RuleListed } from '@skyeye/contracts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Input, type InputRef } from 'antd';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../api/routes.ts';
import { useHotkeys } from '../shell/hotkeys.ts';
import { LevelTag } from '../shell/level-tag.tsx';
import { Empty, Failing, Loading } from '../shell/page-states.tsx';
import { useLanguage, useTexts } from '../texts/language.tsx';
import { limitOf, matches, rowsOf, type RuleFilter, type RuleRow } from './rule-facts.ts';
import { StateTag } from './state-tag.tsx';
import './steering.css';

const EVERY_MS = 15_000;
const FILTERS = ['all', 'pending', 'shadow', 'live'] as const;
const LEVELS: readonly string[] = ['P1', 'P2', 'P3', 'P4'];

/** Every rule with where it stands, whom it may hit and whom it hit. */
export function RulesPage(): ReactNode {
  const { rules: words } = useTexts();
  const navigate = useNavigate();
  const [filter, setFilter] = useState<RuleFilter>('all');
  const [search, setSearch] = useState('');
  const [picked, setPicked] = useState<string | null>(null);
  const searchBox = useRef<InputRef>(null);
  const list = useQuery({ queryKey: ['rules'], queryFn: api.rules, refetchInterval: EVERY_MS });
  const all = useMemo(() => rowsOf(list.data?.rules ?? []), [list.data]);
  const rows = useMemo(() => all.filter((row) => matches(row, filter, search)), [all, filter, search]);
  const move = (by: number): void => {
    const index = rows.findIndex(({ id }) => id === picked);
    const next = rows[index < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, index + by))];
    if (next !== undefined) setPicked(next.id);
  };
  const open = (id: string): void => void navigate(`/rules/${id}`);
  useHotkeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: picked === null ? undefined : () => open(picked),
    '/': () => searchBox.current?.focus(),
    Escape: () => setPicked(null),
  });
  useEffect(() => {
    if (picked !== null) document.querySelector('tr.picked')?.scrollIntoView({ block: 'nearest' });
  }, [picked]);
  if (list.data === undefined)
    return list.error === null ? <Loading /> : <Failing error={list.error} onRetry={() => void list.refetch()} />;
  const { seq, atScorerSeq, residents } = list.data;
  return (
    <div className="page filled">
      {atScorerSeq === null ? (
        <Alert type="info" showIcon title={words.noScorer} />
      ) : atScorerSeq < seq ? (
        <Alert type="warning" showIcon title={words.behind} />
      ) : null}
      <section className="card tall" aria-label={words.title}>
        <header>
          <h2>{words.title}</h2>
          <span className="small soft cut" title={words.subtitle}>
            {words.subtitle}
          </span>
        </header>
        <div className="tools">
          {FILTERS.map((name) => (
            <button key={name} type="button" className="chip" aria-pressed={filter === name} onClick={() => setFilter(name)}>
              {words.filters[name]} {all.filter((row) => matches(row, name, '')).length}
            </button>
          ))}
          <Input
            ref={searchBox}
            size="small"
            allowClear
            style={{ width: 240 }}
            placeholder={words.search}
            aria-label={words.search}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') event.currentTarget.blur();
            }}
          />
          <span className="keys">
            <kbd>J</kbd>
            <kbd>K</kbd>
            {words.move}
            <kbd>Enter</kbd>
            {words.open}
          </span>
        </div>
        {rows.length === 0 ? (
          <Empty title={words.empty} hint={words.emptyHint} />
        ) : (
          <div className="scroll">
            <table className="grid list rules">
              <thead>
                <tr>
                  <th>{words.columns.rule}</th>
                  <th>{words.columns.state}</th>
                  <th>{words.columns.level}</th>
                  <th className="owner">{words.columns.owner}</th>
                  <th>{words.columns.live}</th>
                  <th className="num" title={words.radiusHint}>
                    {words.columns.radius}
                  </th>
                  <th className="num" title={words.countHint}>
                    {words.columns.count}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <Row key={row.id} row={row} residents={residents} picked={row.id === picked} onOpen={open} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </div>
  );
}

function Row({
  row,
  residents,
  picked,
  onOpen,
}: {
  readonly row: RuleRow;
  readonly residents: number;
  readonly picked: boolean;
  readonly onOpen: (id: string) => void;
}): ReactNode {
  const { texts, say } = useLanguage();
  const words = texts.rules;
  const { id, entry, live, pending } = row;
  const shown = pending ?? live;
  return (
    <tr className={picked ? 'picked' : ''} aria-selected={picked} onClick={() => onOpen(id)}>
      <td className="name">
        <a href={`#/rules/${id}`} className="cut strong" title={say(entry.name)} onClick={(event) => event.stopPropagation()}>
          {say(entry.name)}
        </a>
        <code className="small soft cut">{id}</code>
      </td>
      <td>
        <span className="states">
          {pending === null ? null : <StateTag state={pending.state} says={words.states[pending.state]} />}
          {live === null ? null : <StateTag state="live" says={words.states.live} />}
        </span>
      </td>
      <td>{LEVELS.includes(entry.level) ? <LevelTag level={entry.level as Level} /> : null}</td>
      <td className="owner">
        <span className="cut" title={entry.owner}>
          {entry.owner}
        </span>
      </td>
      <td>{live === null ? <span className="soft">{words.none}</span> : <code className="small">{live.version.slice(0, 8)}</code>}</td>
      <td className="num">
        <Radius version={shown} />
      </td>
      <td className="num">
        <Counted version={shown} limit={limitOf(residents)} />
      </td>
    </tr>
  );
}

/** Whom the newest backtest hit a day, against the limit of approval. */
export function Radius({ version }: { readonly version: RuleListed | null }): ReactNode {
  const { rules: words } = useTexts();
  const seen = version?.backtest ?? null;
  if (seen === null) return <span className="soft">{version?.proposedBy === 'release' ? words.release : words.noBacktest}</span>;
  const limit = limitOf(seen.persons);
  const over = seen.personsPerDayMax > limit;
  return (
    <>
      <span className={over ? 'strong ink P2' : ''}>{words.perDay(seen.personsPerDayMax)}</span>
      <div className="small soft">
        {over ? words.over : words.ofLimit(limit)} · {words.raises(seen.raisedPerDayMax)}
      </div>
    </>
  );
}

function Counted({ version, limit }: { readonly version: RuleListed | null; readonly limit: number }): ReactNode {
  const { rules: words } = useTexts();
  const count = version?.count ?? null;
  if (count === null) return <span className="soft">{words.noCount}</span>;
  const over = version?.state !== 'live' && count.personsPerDayMax > limit;
  return (
    <>
      <span className={over ? 'strong ink P2' : ''}>{words.perDay(count.personsPerDayMax)}</span>
      <div className="small soft">{over ? words.over : words.times(count.times.toLocaleString('en-US'))}</div>
    </>
  );
}
