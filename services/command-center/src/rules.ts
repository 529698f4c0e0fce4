import { loadRules, ruleEntry } from '@skyeye/catalogue';
import { RULE_KEYS, ruleCounts, type RuleCounts } from '@skyeye/contracts';
import { SkyeyeError } from '@skyeye/foundation';
import { HttpProblem, problems, who, type Session } from '@skyeye/identity';
import { adoptRelease, rulesOf, rulesSeq, type Ledger, type RuleAct } from '@skyeye/ledger';
import type { Store } from '@skyeye/store';
import { redactTyped, type Telemetry } from '@skyeye/telemetry';
import type { Context } from './deps.ts';
import { logEvents } from './tables.ts';

/** The ledger is asked so often (wall) whether what is in force has changed, besides after every act here. */
const LOOK_MS = 1_000;

/** The parts of a rule that its author wrote, without what compiling adds. */
export const entryOf = (rule: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(rule).filter(([key]) => Object.hasOwn(ruleEntry.shape, key)));

interface RulesPublisherDeps {
  readonly ledger: Ledger;
  readonly store: Pick<Store, 'get' | 'set' | 'publish'>;
  readonly telemetry: Telemetry;
}

/**
 * Puts what is in force from the ledger into the store, where scorers take it: the ledger decides, the store carries. A store
 * that is away or lost its keys gets them at the next look.
 */
export class RulesPublisher {
  readonly #deps: RulesPublisherDeps;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(deps: RulesPublisherDeps) {
    this.#deps = deps;
  }

  /** Takes in the release's rules and begins to look. @throws LEDGER_* when the ledger is away */
  async start(nowMs: number): Promise<void> {
    await adoptRelease(
      this.#deps.ledger,
      loadRules().map((rule) => ({ id: rule.id, version: rule.version, entry: entryOf(rule) })),
      nowMs,
    );
    await this.publish();
    this.#timer = setInterval(() => void this.publish(), LOOK_MS);
  }

  /** Looks now. Resolves when what is in force lies in the store, or it was logged that it could not be put there. */
  publish(): Promise<void> {
    this.#running = this.#running.then(() => this.#pass());
    return this.#running;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #pass(): Promise<void> {
    const { ledger, store, telemetry } = this.#deps;
    try {
      const seq = String(await rulesSeq(ledger));
      if ((await store.get(RULE_KEYS.seq)) !== seq) {
        const set = await ledger.read((snapshot) => rulesOf(snapshot));
        // The number last: who sees it finds at least that set.
        await store.set(RULE_KEYS.inForce, JSON.stringify(set));
        await store.set(RULE_KEYS.seq, String(set.seq));
        await store.publish(RULE_KEYS.inForce, String(set.seq));
        telemetry.log(logEvents).RulesPublished({ seq: set.seq, rules: set.rules.length });
      }
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) telemetry.log(logEvents).RulesNotPublished({}, error);
      this.#failed = true;
    }
  }
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
  try {
    await step({ ruleId, version, by: who(session).account, nowMs: context.clock.nowMs(), reason: redactTyped(reason) });
  } catch (error) {
    if (!(error instanceof SkyeyeError) || error.handling !== 'refuse') throw error;
    if (error.code === 'LEDGER_NOT_FOUND') throw problems.notFound();
    throw new HttpProblem({
      status: 409,
      code: error.code,
      message: `${error.message}; nothing was changed`,
      extra: { facts: error.facts },
      cause: error,
    });
  }
  await context.rules.publish();
}
