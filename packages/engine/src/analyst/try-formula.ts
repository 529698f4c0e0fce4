import type { Bilingual } from '@skyeye/contracts';
import { describeType, printFormula, type LanguageError } from '@skyeye/language';
import { explainFormula } from './explain.ts';
import { pointsOf, type Facts, type Point } from './points.ts';
import { readFormula, type Formula } from './resolve.ts';

export interface Trial {
  readonly formula: Formula;
  readonly printed: string;
  readonly type: string;
  readonly says: Bilingual;
  /** In total order; `fires` means nothing here. */
  readonly points: readonly Omit<Point, 'context' | 'fires'>[];
}

export interface TryOptions {
  /** Kind of key as the catalogue names it. */
  readonly keyType: string;
  /** Streams whose events evaluate it; those that it reads unless told. */
  readonly on?: readonly string[];
}

/** Evaluates a formula that is no feature yet at every event of the streams it reads. */
export function tryFormula(
  source: string,
  facts: Facts,
  { keyType, on }: TryOptions,
): { readonly trial: Trial | null; readonly errors: readonly LanguageError[] } {
  const { formula, errors } = readFormula(source, on, keyType);
  if (formula === null) return { trial: null, errors };
  const subject = { keyType, triggers: formula.triggers, ast: formula.ast, fires: () => false };
  const points = [...pointsOf(subject, facts)].map(({ event, key, value }) => ({ event, key, value }));
  const says = explainFormula(
    formula.ast,
    formula.triggers.map(({ stream }) => stream),
  );
  return { trial: { formula, printed: printFormula(formula.ast), type: describeType(formula.type), says, points }, errors };
}
