import type { BarMove, BudgetSeen } from '@skyeye/contracts';
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { dayTime, shortTime } from '../live/county-clock.ts';
import { yuan } from '../shell/format.ts';
import { Failing, Loading } from '../shell/page-states.tsx';
import { useTexts } from '../texts/language.tsx';
import './steering.css';

const EVERY_MS = 10_000;
const CHART = { width: 600, height: 120 } as const;
/** The latest moves that the chart shows. */
const CHART_MOVES = 60;

/** Visits of today against what the county can make, where the bar stands, and how it came there. */
export function BudgetPage(): ReactNode {
  const { budget: words, sources } = useTexts();
  const seen = useQuery({ queryKey: ['budget'], queryFn: api.budget, refetchInterval: EVERY_MS });
  if (seen.data === undefined)
    return seen.error === null ? <Loading /> : <Failing error={seen.error} onRetry={() => void seen.refetch()} />;
  const { bar, today, days } = seen.data;
  const moves = bar?.moves ?? [];
  return (
    <div className="page">
      {bar === null ? <Alert type="info" showIcon title={words.noScorer} /> : null}
      {bar !== null && bar.visitsPerDay === null ? (
        <Alert type="info" showIcon title={words.noBudget} description={words.noBudgetHint} />
      ) : null}
      <div className="budget">
        <Today today={today} visitsPerDay={bar?.visitsPerDay ?? null} />
        <section className="card" aria-label={words.bar}>
          <header>
            <h2>{words.bar}</h2>
            {bar === null ? null : <span className="small soft">{words.updated(shortTime(bar.atMs))}</span>}
          </header>
          <div className="body">
            <p className="huge">{bar === null ? sources.none : barSaid(bar.barFen, words.barNone)}</p>
            <p className="small soft">{words.barHint}</p>
            {bar === null ? null : <p className="small soft">{words.candidates(bar.candidates, bar.floor)}</p>}
          </div>
        </section>
        <Days days={days} visitsPerDay={bar?.visitsPerDay ?? null} />
      </div>
      <section className="card" aria-label={words.moves}>
        <header>
          <h2>{words.moves}</h2>
          <span className="small soft">{moves.length}</span>
        </header>
        {moves.length === 0 ? (
          <div className="state">{words.movesEmpty}</div>
        ) : (
          <>
            <BarChart moves={moves.slice(0, CHART_MOVES)} />
            <div className="scroll moves">
              <table className="grid">
                <thead>
                  <tr>
                    <th>{words.columns.at}</th>
                    <th className="num">{words.columns.from}</th>
                    <th className="num">{words.columns.to}</th>
                    <th>{words.columns.candidates}</th>
                  </tr>
                </thead>
                <tbody>
                  {moves.map((move, index) => (
                    <tr key={`${move.atMs} ${index}`}>
                      <td>{dayTime(move.atMs)}</td>
                      <td className="num">{barSaid(move.fromFen, words.barNone)}</td>
                      <td className="num">
                        <span aria-hidden="true" className="soft">
                          {move.barFen > move.fromFen ? '▲ ' : '▼ '}
                        </span>
                        <b>{barSaid(move.barFen, words.barNone)}</b>
                      </td>
                      <td className="soft">{words.candidates(move.candidates, move.floor)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </section>
    </div>
  );
}

/** A priority is no amount: whole yuan say enough. */
const barSaid = (fen: number, none: string): string => (fen === 0 ? none : yuan(Math.round(fen / 100) * 100));

function Today({ today, visitsPerDay }: { readonly today: BudgetSeen['today']; readonly visitsPerDay: number | null }): ReactNode {
  const { budget: words } = useTexts();
  const over = visitsPerDay === null ? 0 : today.urgent - visitsPerDay;
  const whole = Math.max(visitsPerDay ?? 0, today.urgent, 1);
  return (
    <section className="card" aria-label={words.today}>
      <header>
        <h2>{words.today}</h2>
        {over > 0 ? (
          <span className="mark square ink P2 strong">{words.over(over.toLocaleString('en-US', { maximumFractionDigits: 1 }))}</span>
        ) : null}
      </header>
      <div className="body">
        <p className="huge">
          {today.urgent} {visitsPerDay === null ? null : <span className="soft">{words.of(String(visitsPerDay))}</span>}
        </p>
        <div className="meter" role="img" aria-label={`${words.today} ${today.urgent},${words.met} ${today.met}`}>
          <i className="met" style={{ width: `${(100 * today.met) / whole}%` }} />
          <i className="urgent" style={{ width: `${(100 * (today.urgent - today.met)) / whole}%` }} />
          {visitsPerDay === null || over <= 0 ? null : <b style={{ left: `${(100 * visitsPerDay) / whole}%` }} />}
        </div>
        <p className="small">
          <span className="mark ink ok inline">
            {words.met} {today.met}
          </span>{' '}
          <span className="mark ring inline">
            {words.openNow} {today.open}
          </span>
        </p>
      </div>
    </section>
  );
}

function Days({ days, visitsPerDay }: { readonly days: BudgetSeen['days']; readonly visitsPerDay: number | null }): ReactNode {
  const { budget: words } = useTexts();
  const top = Math.max(1, visitsPerDay ?? 0, ...days.map(({ urgent }) => urgent));
  return (
    <section className="card" aria-label={words.days}>
      <header>
        <h2>{words.days}</h2>
      </header>
      <ol className="days body">
        {days.map(({ dayMs, urgent, met }) => (
          <li key={dayMs} title={words.dayOf(urgent, met)}>
            <span className="small">{urgent}</span>
            <span className="column">
              <i className="urgent" style={{ height: `${(100 * urgent) / top}%` }} />
              <i className="met" style={{ height: `${(100 * met) / top}%` }} />
              {visitsPerDay === null ? null : <b style={{ bottom: `${(100 * visitsPerDay) / top}%` }} />}
            </span>
            <span className="small soft">{dayTime(dayMs).slice(0, 5)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The bar over time as steps: it stays until it moves. */
function BarChart({ moves }: { readonly moves: readonly BarMove[] }): ReactNode {
  const { budget: words } = useTexts();
  const ordered = moves.toReversed();
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined) return null;
  const spanMs = Math.max(1, last.atMs - first.atMs);
  const top = Math.max(1, first.fromFen, ...ordered.map(({ barFen }) => barFen));
  const x = (ms: number): string => (((ms - first.atMs) / spanMs) * CHART.width).toFixed(1);
  const y = (fen: number): string => (CHART.height - (fen / top) * (CHART.height - 8)).toFixed(1);
  const line = `M0 ${y(first.fromFen)} ${ordered.map(({ atMs, barFen }) => `H${x(atMs)} V${y(barFen)}`).join(' ')} H${CHART.width}`;
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${CHART.width} ${CHART.height}`} preserveAspectRatio="none" role="img" aria-label={words.chart}>
        <path className="area" d={`${line} V${CHART.height} H0 Z`} />
        <path d={line} vectorEffect="non-scaling-stroke" />
      </svg>
      <figcaption className="small soft">
        <span>{dayTime(first.atMs)}</span>
        <span>{words.highest(barSaid(top, words.barNone))}</span>
        <span>{dayTime(last.atMs)}</span>
      </figcaption>
    </figure>
  );
}
