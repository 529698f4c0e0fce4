import { randomUUID } from 'node:crypto';
import { BANK_KEY_HEADER, holdReply, proofOf, rawReference, type HoldReply } from '@skyeye/contracts';
import { demoCounty } from '@skyeye/geo';
import { demoAccounts } from '@skyeye/identity';
import { simulateBatch } from '@skyeye/simulator';
import { loadOrCreateMasterKey, tokenizer } from '@skyeye/vault';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PartnerBank {
  /** Asks about a payment of this person (a token) to somebody never paid before. Undefined when the person has no account. */
  ask(
    person: string,
    payment: { readonly amountFen: number; readonly initiatedMs: number; readonly requestId: string },
  ): Promise<HoldReply | undefined>;
  /** Headers of one request: a key that the gateway knows, the time, a nonce of its own. */
  headers(): Readonly<Record<string, string>>;
  readonly accounts: readonly string[];
}

/**
 * A partner bank as the gateway sees it: the installation's key, and the accounts of its customers in clear.
 * @param options.folder the installation's data folder, with its keys in `keys`
 * @param options.secret what the demonstration's keys are made from; the one of a standalone county when left out
 */
export async function partnerBank({
  folder,
  base,
  seed,
  residents,
  secret = readFileSync(join(folder, 'keys', 'demo.key')),
}: {
  readonly folder: string;
  readonly base: string;
  readonly seed: number;
  readonly residents: number;
  readonly secret?: Buffer;
}): Promise<PartnerBank> {
  const { bankKeys } = demoAccounts(demoCounty, secret);
  const tokens = tokenizer(await loadOrCreateMasterKey(join(folder, 'keys')));
  const accountOf = new Map<string, string>();
  const accounts: string[] = [];
  // The same seed gives the same residents: the register that the county imported on its first day.
  for (const { topic, record } of simulateBatch({ seed, days: 1, residents })) {
    if (topic !== 'raw.reference') break;
    const parsed = rawReference.parse(record);
    if (parsed.kind !== 'acct' || parsed.person === null || parsed.acctKind !== 'personal') continue;
    accounts.push(parsed.acct);
    accountOf.set(tokens.token('person', parsed.person), parsed.acct);
  }
  const headers = (): Record<string, string> => ({
    'content-type': 'application/json',
    [BANK_KEY_HEADER]: bankKeys[0]?.key ?? '',
    ...proofOf(Date.now(), randomUUID()),
  });
  return {
    headers,
    accounts,
    async ask(person, { amountFen, initiatedMs, requestId }) {
      const payerAccount = accountOf.get(person);
      if (payerAccount === undefined) return undefined;
      const reply = await fetch(`${base}/v1/holds`, {
        method: 'POST',
        headers: headers(),
        body: JSON.stringify({
          requestId,
          txid: `tx-${requestId}`,
          payerAccount,
          payeeAccount: '6217990000000000017',
          payeeKind: 'personal',
          amountFen,
          balanceAfterFen: 1_000,
          channel: 'mobile',
          initiatedMs,
        }),
      });
      if (!reply.ok) throw new Error(`the gateway answered ${reply.status} ${await reply.text()}`);
      return holdReply.parse(await reply.json());
    },
  };
}
