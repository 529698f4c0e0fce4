import type { ReactNode } from 'react';
import { useTexts } from '../texts/language.tsx';

export function Legend(): ReactNode {
  const { map } = useTexts();
  return (
    <ul className="legend" aria-label={map.legend}>
      <li>
        <svg viewBox="0 0 12 12">
          <circle cx="6" cy="6" r="5" fill="var(--p1)" />
        </svg>
        {map.people}
      </li>
      <li>
        <svg viewBox="0 0 12 12">
          <rect x="1" y="1" width="10" height="10" fill="var(--p4)" />
        </svg>
        {map.stations}
      </li>
      <li>
        <svg viewBox="0 0 12 12">
          <path d="M6 1l5 10H1z" fill="var(--ok)" />
        </svg>
        {map.teams}
      </li>
      <li>
        <svg viewBox="0 0 12 12">
          <rect x="1" y="1" width="10" height="10" fill="none" stroke="var(--map-fence)" strokeDasharray="3 2" />
        </svg>
        {map.fences}
      </li>
    </ul>
  );
}
