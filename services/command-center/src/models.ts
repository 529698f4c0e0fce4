import { MODEL_KEYS, modelCounts, type ModelCounts, type ModelsInForce } from '@skyeye/contracts';
import { who, type Session } from '@skyeye/identity';
import { modelsOf, modelsSeq, type ModelAct } from '@skyeye/ledger';
import { redactTyped } from '@skyeye/telemetry';
import { refusable } from './acting.ts';
import type { CommandCenterDeps, Context } from './deps.ts';
import { Publisher } from './publisher.ts';
import { logEvents } from './tables.ts';

export function modelsPublisher({
  ledger,
  store,
  telemetry,
}: Pick<CommandCenterDeps, 'ledger' | 'store' | 'telemetry'>): Publisher<ModelsInForce> {
  const lines = telemetry.log(logEvents);
  return new Publisher({
    store,
    keys: MODEL_KEYS,
    seq: () => modelsSeq(ledger),
    inForce: () => ledger.read((snapshot) => modelsOf(snapshot)),
    onPublished: ({ seq, models }) => lines.ModelsPublished({ seq, models: models.length }),
    onFailed: (error) => lines.ModelsNotPublished({}, error),
  });
}

/** What the scorer has loaded and counted; null before it has said anything. */
export async function modelCountsOf({ store }: Pick<Context, 'store'>): Promise<ModelCounts | null> {
  const text = await store.get(MODEL_KEYS.counts);
  return text === undefined ? null : modelCounts.parse(JSON.parse(text));
}

/**
 * Does something to a version for the person who is signed in, and sends what decides and watches to the scorers.
 * @throws 404 for a version that does not exist, 409 with the reason for a step that is refused
 */
export async function actOnModel(
  context: Context,
  { session, name, version, reason }: { session: Session | null; name: string; version: string; reason: string },
  step: (act: ModelAct) => Promise<void>,
): Promise<void> {
  await refusable(() => step({ name, version, by: who(session).account, nowMs: context.clock.nowMs(), reason: redactTyped(reason) }));
  await context.models.publish();
}
