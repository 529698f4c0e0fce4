import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton, type InputRef } from 'antd';
import { lazy, Suspense, useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../api/routes.ts';
import { IncidentDialogs, type DialogName } from '../incident/dialogs/incident-dialogs.tsx';
import { useActs } from '../incident/use-acts.ts';
import { useConnection, useFeed, useFeedState, useMe } from '../live/use-feed.tsx';
import { useHotkeys } from '../shell/hotkeys.ts';
import { Empty, Failing } from '../shell/page-states.tsx';
import { useLanguage } from '../texts/language.tsx';
import { ActivityPanel } from './activity-panel.tsx';
import { CountersStrip } from './counters-strip.tsx';
import { groupByStation, isBeingDefrauded, isOpen, matches, NO_FILTER, SUMMARY_ABOVE_P1 } from './order.ts';
import './queue.css';
import { QueueList } from './queue-list.tsx';
import { QueueTools } from './queue-tools.tsx';
import { SummaryBand } from './summary-band.tsx';
import { useHeldOrder } from './use-held-order.ts';

const CountyMap = lazy(() => import('../map/county-map.tsx').then((module) => ({ default: module.CountyMap })));

export function QueuePage(): ReactNode {
  const { texts, language } = useLanguage();
  const me = useMe();
  const feed = useFeed();
  const navigate = useNavigate();
  const acts = useActs();
  const connection = useConnection();
  const { incidents, counters, lines } = useFeedState();
  const [filter, setFilter] = useState(NO_FILTER);
  const [picked, setPicked] = useState<string | null>(null);
  const [rowByRow, setRowByRow] = useState(false);
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const searchBox = useRef<InputRef>(null);
  const county = useQuery({ queryKey: ['county'], queryFn: api.county, staleTime: Number.POSITIVE_INFINITY });

  const all = useMemo(() => [...incidents.values()], [incidents]);
  const filtered = useMemo(() => all.filter((row) => matches(row, filter, me.account)), [all, filter, me.account]);
  const groups = useMemo(() => groupByStation(all), [all]);
  const many = groups.reduce((sum, group) => sum + group.count, 0) > SUMMARY_ABOVE_P1;
  const brief = many && !rowByRow;
  const { rows, waiting, release } = useHeldOrder(filtered, picked !== null);
  const towns = useMemo(
    () => (county.data?.towns ?? []).map((town) => ({ code: town.code, name: language === 'zh' ? town.name : town.nameEn })),
    [county.data, language],
  );
  const row = picked === null ? undefined : incidents.get(picked);

  const open = useCallback((id: string) => void navigate(`/incidents/${id}`), [navigate]);
  const pick = useCallback((id: string) => setPicked(id), []);
  const move = (by: number): void => {
    const index = rows.findIndex(({ id }) => id === picked);
    const next = rows[index < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, index + by))];
    if (next !== undefined) setPicked(next.id);
  };
  const show = waiting.length === 0 ? undefined : release;
  const onRow = (name: DialogName): (() => void) | undefined => (row === undefined || !isOpen(row) ? undefined : () => setDialog(name));
  useHotkeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    n: show,
    Enter: row === undefined ? undefined : () => open(row.id),
    s: row === undefined || row.signedMs !== null ? undefined : () => acts.sign(row),
    c: onRow('call'),
    d: onRow('dispatch'),
    '/': () => searchBox.current?.focus(),
    Escape: () => setPicked(null),
  });

  const grave = waiting.filter(isBeingDefrauded).length;
  return (
    <div className="desk">
      <div className="left">
        <CountersStrip counters={counters} />
        <section className="card queue" aria-label={texts.queue.title}>
          <QueueTools rows={all} account={me.account} filter={filter} towns={towns} onFilter={setFilter} searchBox={searchBox} />
          {brief ? (
            <SummaryBand
              groups={groups}
              picked={filter.town}
              onPick={(station) => setFilter({ ...filter, town: station })}
              onOff={() => setRowByRow(true)}
            />
          ) : null}
          {many && rowByRow ? (
            <div className="tools">
              <Button size="small" onClick={() => setRowByRow(false)}>
                {texts.summary.on}
              </Button>
            </div>
          ) : null}
          {waiting.length > 0 ? (
            <button
              type="button"
              className={`fresh ${grave > 0 ? 'grave' : ''}`}
              style={brief ? { top: 'auto', bottom: 16 } : {}}
              onClick={release}
              title={texts.queue.freshHint}
            >
              {texts.queue.fresh(waiting.length, grave)}
            </button>
          ) : null}
          {connection.state === 'failed' ? (
            <Failing error={connection.error} onRetry={feed.retry} />
          ) : counters === null ? (
            <div style={{ padding: 16 }}>
              <Skeleton active paragraph={{ rows: 8 }} />
            </div>
          ) : rows.length > 0 ? (
            <QueueList rows={rows} pickedId={picked} brief={brief} onPick={pick} onOpen={open} onSign={acts.sign} />
          ) : all.some(isOpen) ? (
            <Empty title={texts.queue.noMatch}>
              <Button onClick={() => setFilter(NO_FILTER)}>{texts.queue.clear}</Button>
            </Empty>
          ) : (
            <Empty title={texts.queue.empty} hint={texts.queue.emptyHint} />
          )}
        </section>
      </div>
      <div className="right">
        <section className="card" aria-label={texts.map.title}>
          <Suspense
            fallback={
              <div style={{ padding: 16 }}>
                <Skeleton active />
              </div>
            }
          >
            {county.error === null ? (
              county.data === undefined ? (
                <div style={{ padding: 16 }}>
                  <Skeleton active />
                </div>
              ) : (
                <CountyMap county={county.data} rows={rows} pickedId={picked} onPick={pick} />
              )
            ) : (
              <Failing error={county.error} onRetry={() => void county.refetch()} />
            )}
          </Suspense>
        </section>
        <ActivityPanel lines={lines} />
      </div>
      {row === undefined ? null : <IncidentDialogs row={row} name={dialog} onClose={() => setDialog(null)} />}
    </div>
  );
}
