import { fundRecords, type Emission, type FundFacts, type FundSide } from './records.ts';

/** A payment that its bank may have to ask about before it executes it. */
export interface Payment {
  readonly fund: FundFacts;
  readonly payer: FundSide;
  readonly payee: FundSide;
  /** Resident behind the payer's account, -1 for others. */
  readonly resident: number;
}

/** The records of a payment that is executed at `tMs`. */
export function executed(payment: Payment, tMs: number): Emission[] {
  return fundRecords({ ...payment.fund, tMs }, payment.payer, payment.payee);
}
