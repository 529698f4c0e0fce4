import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { api } from '../api/routes.ts';
import { clockTime } from '../live/county-clock.ts';
import { useCountyNow, useFeedState, useMe } from '../live/use-feed.tsx';
import { isBeingDefrauded } from '../queue/order.ts';
import { useLanguage } from '../texts/language.tsx';
import { useAlarmState } from './alarm.ts';
import { ManageMenu } from './manage-menu.tsx';
import { maySee } from './pages.ts';
import { useThemeChoice } from './theme-choice.tsx';
import './top-bar.css';

/** How often the row of source lights is renewed. */
const SOURCES_EVERY_MS = 15_000;

export function TopBar({ onSignedOut, onHelp }: { readonly onSignedOut: () => void; readonly onHelp: () => void }): ReactNode {
  const { texts, toggle } = useLanguage();
  const me = useMe();
  const alarm = useAlarmState();
  const theme = useThemeChoice();
  const { incidents, counters, clock } = useFeedState();
  const here = ({ isActive }: { readonly isActive: boolean }): string => (isActive ? 'here' : '');
  // The same as the first counter of the strip, without waiting for its next message.
  const grave = [...incidents.values()].filter(isBeingDefrauded).length;
  const sees = maySee('queue', me.role);
  const speed = clock?.speed ?? me.clock.speed;
  const latencyMs = counters?.engineLatencyMsP50 ?? null;
  return (
    <header className="bar">
      <span className="brand">
        <img src="./favicon.svg" alt="" />
        {texts.product}
      </span>
      <nav>
        {sees ? (
          <NavLink to="/" end className={here}>
            {texts.nav.queue}
            {grave > 0 ? <span className="count">{grave}</span> : null}
          </NavLink>
        ) : null}
        {maySee('map', me.role) ? (
          <NavLink to="/map" className={here}>
            {texts.nav.map}
          </NavLink>
        ) : null}
        {maySee('subjects', me.role) ? (
          <NavLink to="/subjects" className={here}>
            {texts.subjects.nav}
          </NavLink>
        ) : null}
        {maySee('unknowns', me.role) ? (
          <NavLink to="/unknowns" className={here}>
            {texts.unknowns.nav}
          </NavLink>
        ) : null}
        {maySee('sources', me.role) ? (
          <NavLink to="/sources" className={here}>
            {texts.nav.sources}
          </NavLink>
        ) : null}
        {maySee('audit', me.role) ? (
          <NavLink to="/audit" className={here}>
            {texts.nav.audit}
          </NavLink>
        ) : null}
        <ManageMenu />
        {maySee('map', me.role) ? (
          <NavLink to="/wall" className={here}>
            {texts.nav.wall}
          </NavLink>
        ) : null}
      </nav>
      <div className="right">
        {maySee('sources', me.role) ? <SourceLights /> : null}
        {sees ? (
          <span className="engine">{latencyMs === null ? texts.bar.engineUnknown : texts.bar.engine((latencyMs / 1000).toFixed(2))}</span>
        ) : null}
        {speed === 1 ? null : <span>{texts.bar.speed(speed)}</span>}
        {sees ? (
          <button
            type="button"
            className="plain"
            onClick={alarm.toggle}
            aria-pressed={alarm.muted}
            title={alarm.muted ? texts.bar.unmute : texts.bar.mute}
            aria-label={alarm.muted ? texts.bar.soundOff : texts.bar.soundOn}
          >
            <Bell muted={alarm.muted} />
          </button>
        ) : null}
        <button
          type="button"
          className="plain"
          onClick={theme.toggle}
          aria-pressed={theme.dark}
          title={theme.dark ? texts.steering.toLight : texts.steering.toDark}
          aria-label={theme.dark ? texts.steering.toLight : texts.steering.toDark}
        >
          <Moon full={theme.dark} />
        </button>
        <button type="button" className="plain" onClick={onHelp} aria-label={texts.help.title}>
          ?
        </button>
        <button type="button" className="plain" onClick={toggle}>
          {texts.language}
        </button>
        <span className="who cut" title={me.name}>
          {texts.roles[me.role] === me.name ? me.name : `${texts.roles[me.role]} · ${me.name}`}
        </span>
        <button type="button" className="plain" onClick={() => void api.signOut().finally(onSignedOut)}>
          {texts.nav.signOut}
        </button>
        <Clock />
      </div>
    </header>
  );
}

function Clock(): ReactNode {
  return <time className="clock">{clockTime(useCountyNow())}</time>;
}

function SourceLights(): ReactNode {
  const { texts, language } = useLanguage();
  const { data } = useQuery({ queryKey: ['sources'], queryFn: api.sources, refetchInterval: SOURCES_EVERY_MS });
  if (data === undefined) return null;
  const ill = data.sources.filter((row) => row.state !== 'ok');
  const says =
    ill.length === 0 ? texts.sources.allFine : ill.map((row) => `${row.name[language]} ${texts.sources.states[row.state]}`).join(',');
  return (
    <span title={says}>
      {texts.bar.sources}
      <span className="dots" role="img" aria-label={says}>
        {data.sources.map((row) => (
          <i key={row.stream} className={row.state} />
        ))}
      </span>
    </span>
  );
}

function Moon({ full }: { readonly full: boolean }): ReactNode {
  return (
    <svg
      viewBox="0 0 20 20"
      width="18"
      height="18"
      fill={full ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.6"
      aria-hidden="true"
      style={{ verticalAlign: -4 }}
    >
      <path d="M16.500 11.800A7 7 0 1 1 8.200 3.500a5.500 5.500 0 0 0 8.300 8.300z" />
    </svg>
  );
}

function Bell({ muted }: { readonly muted: boolean }): ReactNode {
  return (
    <svg
      viewBox="0 0 20 20"
      width="18"
      height="18"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      aria-hidden="true"
      style={{ verticalAlign: -4 }}
    >
      <path d="M4 14h12l-1.5-2V8.500a4.500 4.500 0 0 0-9 0V12L4 14zM8.500 16.500a1.600 1.600 0 0 0 3 0" />
      {muted ? <path d="M3 3l14 14" /> : null}
    </svg>
  );
}
