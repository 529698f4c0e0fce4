import type { EvidenceItem } from '@skyeye/contracts';

/** A new shop's till below this is everyday life. */
const TILL_FEN = 100_000;

/** `stranger`: never paid before, and neither the person's own nor the family's account · `habit`: everybody else. */
export type Payee = 'stranger' | 'habit';

/** Who was paid; null for money that came in, that did not leave, or that is no payment. */
export function payeeOf({ facts, amountFen }: EvidenceItem): Payee | null {
  if (amountFen === null || facts['dir'] !== 'out' || facts['st'] === 'fail' || facts['rel'] === 'self') return null;
  if (facts['rel'] === 'kin' || facts['stranger'] === false || facts['np180p'] === false) return 'habit';
  return facts['peer_kind'] === 'merchant' && (facts['np180p'] !== true || amountFen < TILL_FEN) ? 'habit' : 'stranger';
}
