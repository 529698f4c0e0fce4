import type { Level } from '@skyeye/contracts';
import type { ReactNode } from 'react';

/** Octagon with a mark, triangle, diamond, ring: the level is told without its colour. */
const SHAPES: Record<Level, ReactNode> = {
  P1: (
    <path fillRule="evenodd" d="M2.9 0h4.2L10 2.9v4.2L7.1 10H2.9L0 7.1V2.900zM4.300 1.800V6h1.400V1.800zM4.300 6.900v1.400h1.400V6.900z" />
  ),
  P2: <path d="M5 0l5 9.500H0z" />,
  P3: <path d="M5 0l5 5-5 5-5-5z" />,
  P4: <circle cx="5" cy="5" r="3.8" fill="none" stroke="currentColor" strokeWidth="2" />,
};

/** `over`: what it was; nothing of it is urgent any more. */
export function LevelTag({
  level,
  name,
  over = false,
}: {
  readonly level: Level;
  readonly name?: string;
  readonly over?: boolean;
}): ReactNode {
  return (
    <span className={`level ${over ? 'over' : level}`}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {SHAPES[level]}
      </svg>
      {level}
      {name === undefined ? '' : ` ${name}`}
    </span>
  );
}
