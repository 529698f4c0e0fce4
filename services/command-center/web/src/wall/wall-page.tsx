import { SCAMS } from '@skyeye/contracts';
import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../api/routes.ts';
import { clockTime, shortTime } from '../live/county-clock.ts';
import { useCountyNow, useFeedState } from '../live/use-feed.tsx';
import { CountyMap } from '../map/county-map.tsx';
import { CountersStrip } from '../queue/counters-strip.tsx';
import { Handling } from '../queue/handling.tsx';
import { isBeingDefrauded, shadeOf, arrange } from '../queue/order.ts';
import '../queue/queue.css';
import { roughYuan, timeLeft } from '../shell/format.ts';
import { LevelTag } from '../shell/level-tag.tsx';
import { useHotkeys } from '../shell/hotkeys.ts';
import { Empty } from '../shell/page-states.tsx';
import { useLanguage } from '../texts/language.tsx';
import './wall.css';

const ROWS_MAX = 8;
const LINES_MAX = 8;

/** Read from six metres: large figures, the eight with the least time left, the map; the page scales with the screen. */
export function WallPage(): ReactNode {
  const { texts, language, say } = useLanguage();
  const navigate = useNavigate();
  const nowMs = useCountyNow();
  const { incidents, counters, lines } = useFeedState();
  const county = useQuery({ queryKey: ['county'], queryFn: api.county, staleTime: Number.POSITIVE_INFINITY });
  const rows = useMemo(() => arrange([...incidents.values()], null).rows, [incidents]);
  useHotkeys({ Escape: () => void navigate('/') });
  return (
    <div className="wall">
      <header>
        <img src="./favicon.svg" alt="" />
        <h1>{texts.wall.title}</h1>
        <button type="button" className="plain soft" onClick={() => void navigate('/')}>
          {texts.nav.closeWall} Esc
        </button>
        <time>{clockTime(nowMs)}</time>
      </header>
      <CountersStrip counters={counters} />
      <div className="halves">
        <section className="card list" aria-label={texts.wall.queue}>
          {rows.length === 0 ? <Empty title={texts.wall.none} hint={texts.wall.noneHint} /> : null}
          {rows.slice(0, ROWS_MAX).map((row) => (
            <article key={row.id} className={shadeOf(row)}>
              <b className={`left ${isBeingDefrauded(row) ? 'ink P1' : ''}`}>{timeLeft(row.lossAtMs - nowMs, texts)}</b>
              <div>
                <div className="top">
                  <LevelTag level={row.level} over={shadeOf(row) === 'over'} />
                  <b className="cut">{row.subject.maskedName}</b>
                  <span className="soft cut">{row.stationName}</span>
                </div>
                <div className="why">
                  {row.scam === null ? '' : `${SCAMS[row.scam][language]} `}
                  {say(row.why)}
                </div>
              </div>
              <b className="money">{roughYuan(row.expectedLossFen)}</b>
              <div className="handled">
                <Handling row={row} nowMs={nowMs} brief={false} onSign={null} />
              </div>
            </article>
          ))}
        </section>
        <div className="side">
          <section className="card">
            {county.data === undefined ? null : (
              <CountyMap
                county={county.data}
                rows={rows}
                pickedId={null}
                onPick={() => undefined}
                scale={Math.max(1, (window.innerWidth / 1920) * 1.3)}
              />
            )}
          </section>
          <section className="card acts-list">
            <ul className="lines">
              {lines.slice(0, LINES_MAX).map(({ action, subjectName }) => (
                <li key={action.seq}>
                  <time>{shortTime(action.atMs)}</time>
                  <span className="cut">
                    <b>{subjectName}</b> {say(action.says)}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </div>
  );
}
