import type { CounterTexts } from '@skyeye/orders';
import type { IdKind, Scam } from '@skyeye/contracts';
import type { Clock } from '@skyeye/foundation';
import type { BankKeys } from '@skyeye/identity';
import type { Ledger } from '@skyeye/ledger';
import type { Store } from '@skyeye/store';
import type { Telemetry } from '@skyeye/telemetry';
import type { Callers } from './caller.ts';
import type { HoldDesk } from './decide.ts';
import type { Nonces } from './nonces.ts';
import type { Scoring } from './scoring.ts';
import type { Deadlines } from './tables.ts';

/** What its routes are built from. */
export interface Context extends GatewayDeps {
  readonly callers: Callers;
  readonly nonces: Nonces;
  readonly desk: HoldDesk;
}

/** What the gateway is built from. */
export interface GatewayDeps {
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly wallNowMs: () => number;
  readonly ledger: Ledger;
  /** Remembers the nonces of requests. */
  readonly store: Pick<Store, 'set'>;
  readonly keys: BankKeys;
  readonly scoring: Scoring;
  /** Identifier to token, and the vault's memory of it. */
  readonly tokens: { token(kind: IdKind, clear: string): string };
  readonly vault: {
    remember(identifiers: readonly { readonly token: string; readonly kind: IdKind; readonly clear: string }[]): Promise<unknown>;
  };
  readonly counterTexts: (scam: Scam | null) => CounterTexts;
  /** Host names answered; null for all. */
  readonly hosts: readonly string[] | null;
  /** Longer ones for tests of something else. */
  readonly deadlines?: Deadlines;
}
