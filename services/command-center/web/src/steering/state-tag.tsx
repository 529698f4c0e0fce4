import type { ModelState, RuleState } from '@skyeye/contracts';
import type { ReactNode } from 'react';

/** By its shape and its word; the colour comes on top. */
const MARKS: Readonly<Record<RuleState | ModelState, string>> = {
  draft: 'ring',
  checked: 'ring',
  backtested: 'ring',
  proposed: 'ring',
  shadow: 'square ink P4',
  challenger: 'square ink P4',
  approved: 'square ink P3',
  live: 'ink ok',
  champion: 'ink ok',
  retired: 'quiet soft',
};

export function StateTag({ state, says }: { readonly state: RuleState | ModelState; readonly says: string }): ReactNode {
  return <span className={`mark ${MARKS[state]}`}>{says}</span>;
}
