import type { ReactNode } from 'react';
import { dayTime } from '../live/county-clock.ts';
import { useTexts } from '../texts/language.tsx';

interface Step {
  readonly seq: number;
  readonly version: string;
  readonly step: string;
  readonly atMs: number;
  readonly by: string;
  readonly reason: string;
}

interface Props<T extends Step> {
  readonly title: string;
  readonly hint?: string;
  readonly empty: string;
  /** Oldest first, as they come; shown newest first. */
  readonly steps: readonly T[];
  readonly nameOf: (step: T) => string;
  readonly versionOf: (step: T) => string;
  readonly numbersOf: (step: T) => readonly string[];
}

/** Who brings what comes with a release; the reason says no more. */
const RELEASE = 'release';
const GOOD = new Set(['approved', 'live', 'champion']);
const BACK = new Set(['rolled_back']);

/** Every step with who, when, why and the numbers that were seen. */
export function LifeCard<T extends Step>({ title, hint, empty, steps, nameOf, versionOf, numbersOf }: Props<T>): ReactNode {
  const { rules } = useTexts();
  return (
    <section className="card life" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {hint === undefined ? null : (
          <span className="small soft cut" title={hint}>
            {hint}
          </span>
        )}
      </header>
      {steps.length === 0 ? <div className="state">{empty}</div> : null}
      <ol>
        {steps.toReversed().map((step) => (
          <li key={step.seq}>
            <time className="small soft">{dayTime(step.atMs)}</time>
            <span className={`mark ${GOOD.has(step.step) ? 'ink ok' : BACK.has(step.step) ? 'square ink P2' : 'ring'}`}>
              {nameOf(step)}
            </span>
            <div>
              <b>{step.by === RELEASE ? rules.release : step.by}</b> <code className="small soft">{versionOf(step)}</code>
              {step.by === RELEASE ? null : <p className="why">{step.reason}</p>}
              {numbersOf(step).length === 0 ? null : (
                <ul className="small soft">
                  {numbersOf(step).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
