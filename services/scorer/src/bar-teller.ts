import { BAR_KEY, BAR_MOVES_KEPT, barSeen, type BarMove, type BarSeen } from '@skyeye/contracts';
import type { Detector } from '@skyeye/detection';
import { createLooker, type Store } from '@skyeye/store';
import type { Telemetry } from '@skyeye/telemetry';
import { logEvents } from './tables.ts';

/** So often (wall) it is looked whether the bar has moved. */
const LOOK_MS = 2_000;

export interface BarTellerOptions {
  readonly store: Pick<Store, 'get' | 'set'>;
  /** The one at work: another may have taken its place. */
  readonly detector: () => Pick<Detector, 'bar' | 'visitsPerDay'>;
  readonly telemetry: Telemetry;
  /** County time of a move. */
  readonly nowMs: () => number;
  readonly lookMs?: number;
}

/** Says in the store where the bar of P1 and P2 stands and how it moved, for the console. A store that is away gets it at the next look. */
export async function tellBar({
  store,
  detector,
  telemetry,
  nowMs,
  lookMs = LOOK_MS,
}: BarTellerOptions): Promise<{ look(): Promise<void>; stop(): Promise<void> }> {
  const lines = telemetry.log(logEvents);
  let moves: BarMove[] = [];
  /** As said last; null before the first time, when the moves of a life before this one are taken over. */
  let barFen: number | null = null;
  let written = '';

  async function tell(): Promise<void> {
    if (barFen === null) {
      const text = await store.get(BAR_KEY);
      const before: BarSeen | null = text === undefined ? null : barSeen.parse(JSON.parse(text));
      moves = [...(before?.moves ?? [])];
      barFen = before?.barFen ?? 0;
    }
    const { bar: seen, visitsPerDay } = detector();
    if (seen.barFen !== barFen) {
      moves = [{ atMs: nowMs(), fromFen: barFen, ...seen }, ...moves].slice(0, BAR_MOVES_KEPT);
      barFen = seen.barFen;
    }
    const text = JSON.stringify({ visitsPerDay, ...seen, moves });
    if (text === written) return;
    await store.set(BAR_KEY, JSON.stringify({ atMs: nowMs(), visitsPerDay, ...seen, moves } satisfies BarSeen));
    written = text;
  }

  const looker = createLooker({ everyMs: lookMs, look: tell, onFailed: (error) => lines.BarNotTold({}, error) });
  await looker.look();
  looker.start();
  return {
    look: looker.look,
    async stop() {
      await looker.stop();
      await looker.look();
    },
  };
}
