import { loadRules, ruleEntry } from '@skyeye/catalogue';
import { RULE_KEYS, ruleCounts, type RuleCounts, type RulesInForce } from '@skyeye/contracts';
import { who, type Session } from '@skyeye/identity';
import { adoptRelease, rulesOf, rulesSeq, type Ledger, type RuleAct } from '@skyeye/ledger';
import { redactTyped } from '@skyeye/telemetry';
import { refusable } from './acting.ts';
import type { CommandCenterDeps, Context } from './deps.ts';
import { Publisher } from './publisher.ts';
import { logEvents } from './tables.ts';

/** The parts of a rule that its author wrote, without what compiling adds. */
export const entryOf = (rule: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(rule).filter(([key]) => Object.hasOwn(ruleEntry.shape, key)));

/** Takes in the release's rules. @throws LEDGER_* when the ledger is away */
export async function adoptReleasedRules(ledger: Ledger, nowMs: number): Promise<void> {
  await adoptRelease(
    ledger,
    loadRules().map((rule) => ({ id: rule.id, version: rule.version, entry: entryOf(rule) })),
    nowMs,
  );
}

export function rulesPublisher({
  ledger,
  store,
  telemetry,
}: Pick<CommandCenterDeps, 'ledger' | 'store' | 'telemetry'>): Publisher<RulesInForce> {
  const lines = telemetry.log(logEvents);
  return new Publisher({
    store,
    keys: RULE_KEYS,
    seq: () => rulesSeq(ledger),
    inForce: () => ledger.read((snapshot) => rulesOf(snapshot)),
    onPublished: ({ seq, rules }) => lines.RulesPublished({ seq, rules: rules.length }),
    onFailed: (error) => lines.RulesNotPublished({}, error),
  });
}

/** What the scorer counted last; null before it has said anything. */
export async function countsOf({ store }: Pick<Context, 'store'>): Promise<RuleCounts | null> {
  const text = await store.get(RULE_KEYS.counts);
  return text === undefined ? null : ruleCounts.parse(JSON.parse(text));
}

/**
 * Does something to a version for the person who is signed in, and sends what is in force to the scorers.
 * @throws 404 for a version that does not exist, 409 with the reason for a step that is refused
 */
export async function actOnRule(
  context: Context,
  { session, ruleId, version, reason }: { session: Session | null; ruleId: string; version: string; reason: string },
  step: (act: RuleAct) => Promise<void>,
): Promise<void> {
  await refusable(() => step({ ruleId, version, by: who(session).account, nowMs: context.clock.nowMs(), reason: redactTyped(reason) }));
  await context.rules.publish();
}
