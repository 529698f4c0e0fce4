import type { Level } from '@skyeye/contracts';
import type { ReactNode } from 'react';

/** Octagon, triangle, diamond, circle: the level is told without its colour. */
const SHAPES: Record<Level, ReactNode> = {
  P1: (
    <path
      fillRule="evenodd"
      d="M2.900 0h4.200L10 2.900v4.200L7.100 10H2.900L0 7.100V2.900zM4.300 1.800v4.200h1.400V1.800zM4.300 6.900v1.400h1.400V6.900z"
    />
  ),
  P2: <path d="M5 0l5 9.500H0z" />,
  P3: <path d="M5 0l5 5-5 5-5-5z" />,
  P4: <circle cx="5" cy="5" r="3.8" fill="none" stroke="currentColor" strokeWidth="2" />,
};

export function LevelTag({
  level,
  name,
  big = false,
  over = false,
}: {
  readonly level: Level;
  readonly name?: string;
  readonly big?: boolean;
  /** What it was: nothing of it is urgent any more. */
  readonly over?: boolean;
}): ReactNode {
  return (
    <span className={`level ${over ? 'over' : level}${big ? ' big' : ''}`}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {SHAPES[level]}
      </svg>
      {level}
      {name === undefined ? '' : ` ${name}`}
    </span>
  );
}
