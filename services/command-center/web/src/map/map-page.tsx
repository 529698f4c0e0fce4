import { useQuery } from '@tanstack/react-query';
import { SCAMS } from '@skyeye/contracts';
import { useMemo, useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../api/routes.ts';
import { useCountyNow, useFeedState } from '../live/use-feed.tsx';
import { isBeingDefrauded, shadeOf, arrange } from '../queue/order.ts';
import { distance, duration, timeLeft } from '../shell/format.ts';
import { useHotkeys } from '../shell/hotkeys.ts';
import { LevelTag } from '../shell/level-tag.tsx';
import { Empty, Failing, Loading } from '../shell/page-states.tsx';
import { useLanguage } from '../texts/language.tsx';
import { CountyMap } from './county-map.tsx';

const LISTED_MAX = 100;

export function MapPage(): ReactNode {
  const { texts, language } = useLanguage();
  const navigate = useNavigate();
  const { incidents } = useFeedState();
  const nowMs = useCountyNow();
  const [picked, setPicked] = useState<string | null>(null);
  const county = useQuery({ queryKey: ['county'], queryFn: api.county, staleTime: Number.POSITIVE_INFINITY });
  const rows = useMemo(() => arrange([...incidents.values()], null).rows, [incidents]);
  useHotkeys({ Enter: picked === null ? undefined : () => void navigate(`/incidents/${picked}`), Escape: () => setPicked(null) });
  if (county.error !== null) return <Failing error={county.error} onRetry={() => void county.refetch()} />;
  if (county.data === undefined) return <Loading />;
  return (
    <div className="mappage">
      <section className="card" aria-label={texts.map.title}>
        <CountyMap county={county.data} rows={rows} pickedId={picked} onPick={setPicked} detailed />
      </section>
      <section className="card" aria-label={texts.map.list}>
        <header>
          <h2>{texts.map.list}</h2>
          <span className="small soft">{texts.queue.sorted}</span>
        </header>
        {rows.length === 0 ? <Empty title={texts.queue.empty} hint={texts.queue.emptyHint} /> : null}
        <div className="picklist">
          {rows.slice(0, LISTED_MAX).map((row) => {
            const { position } = row.subject;
            return (
              <button
                key={row.id}
                type="button"
                className="plain"
                aria-pressed={row.id === picked}
                onClick={() => setPicked(row.id)}
                onDoubleClick={() => void navigate(`/incidents/${row.id}`)}
              >
                <span className="top">
                  <LevelTag level={row.level} over={shadeOf(row) === 'over'} />
                  <b className="cut" style={{ flex: 1 }}>
                    {row.subject.maskedName}
                  </b>
                  <b className={isBeingDefrauded(row) ? 'ink P1' : ''}>{timeLeft(row.lossAtMs - nowMs, texts)}</b>
                </span>
                <span className="small soft cut">
                  {row.scam === null ? texts.queue.unknown : SCAMS[row.scam][language]} · {row.stationName}
                </span>
                <span className="small soft">
                  {position === null
                    ? texts.map.noPosition
                    : texts.queue.position(duration(nowMs - position.atMs, texts), distance(position.radiusM, texts))}
                </span>
              </button>
            );
          })}
        </div>
      </section>
    </div>
  );
}
