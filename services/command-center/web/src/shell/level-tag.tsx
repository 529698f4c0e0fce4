import type { Level } from '@skyeye/contracts';
import type { ReactNode } from 'react';

/** Octagon, triangle, diamond, circle: the level is told without its colour. */
const SHAPES: Record<Level, ReactNode> = {
  P1: <path d="M3 0h4l3 3v4l-3 3H3L0 7V3z" />,
  P2: <path d="M5 0l5 9.500H0z" />,
  P3: <path d="M5 0l5 5-5 5-5-5z" />,
  P4: <circle cx="5" cy="5" r="4.500" />,
};

export function LevelTag({
  level,
  name,
  big = false,
}: {
  readonly level: Level;
  readonly name?: string;
  readonly big?: boolean;
}): ReactNode {
  return (
    <span className={`level ${level}${big ? ' big' : ''}`}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {SHAPES[level]}
      </svg>
      {level}
      {name === undefined ? '' : ` ${name}`}
    </span>
  );
}
