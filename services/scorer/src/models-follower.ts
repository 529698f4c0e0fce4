import { join } from 'node:path';
import { MODEL_KEYS, modelCounts, modelsInForce, type ModelCounts, type ModelsInForce } from '@skyeye/contracts';
import { createLooker, type Store } from '@skyeye/store';
import type { Telemetry } from '@skyeye/telemetry';
import type { ModelSlot, Offer } from './model-slot.ts';
import { logEvents } from './tables.ts';

/** The store is asked so often (wall), besides when it calls: a call that is lost costs two seconds. */
const LOOK_MS = 2_000;
/** What was refused is tried again after so long (wall): its folder may have come since. */
const AGAIN_MS = 60_000;
/** The release's own models, before the command centre has said anything. */
const RELEASE_SEQ = 0;

/** A place for a model by its name, and what stands there unless somebody was promoted. */
export interface NamedSlot {
  readonly slot: ModelSlot;
  readonly release: Offer;
  /** Watches while nobody else is told to. */
  readonly challenger: Offer | null;
}

/** Every place, by the name of its model, and the folder in which `<name>/<version>` lie. */
export interface ModelPlaces {
  readonly folder: string;
  readonly slots: Readonly<Record<string, NamedSlot>>;
}

export interface ModelsFollowerOptions {
  readonly store: Store;
  readonly places: ModelPlaces;
  readonly telemetry: Telemetry;
  /** County time, for the counts. */
  readonly nowMs: () => number;
  /** Wall ms between looks; two seconds by default. */
  readonly lookMs?: number;
}

export interface ModelsFollower {
  /** Sequence of the set that was taken. */
  readonly seq: () => number;
  stop(): Promise<void>;
}

type Told = ModelCounts['models'][number];

/**
 * Keeps the models of a running scorer as the command centre says, within seconds and without a restart, and writes back which
 * are loaded, what was refused and what the challenger counted. What is refused leaves the one before it in place; while the store
 * is away everything stays.
 */
export async function followModels({ store, places, telemetry, nowMs, lookMs = LOOK_MS }: ModelsFollowerOptions): Promise<ModelsFollower> {
  const lines = telemetry.log(logEvents);
  const slots = Object.entries(places.slots);
  let set: ModelsInForce = { seq: RELEASE_SEQ, models: [] };
  let written = '';
  /** Of a life before this one. */
  let earlier: ModelCounts['models'] = [];
  /** When what was refused was offered last, by the name of its model and its place. */
  const refused = new Map<string, { readonly offer: Offer; readonly code: string; readonly atMs: number }>();

  const offerOf = (name: string, placed: { readonly version: string; readonly digest: string } | null | undefined): Offer | null =>
    placed === null || placed === undefined
      ? null
      : { folder: join(places.folder, name, placed.version), id: `${name}/${placed.version}`, digest: placed.digest };

  /** Puts it there, unless it stands there or was refused a moment ago. */
  async function place(
    key: string,
    offer: Offer | null,
    stands: string | null,
    put: () => Promise<boolean>,
    slot: ModelSlot,
  ): Promise<void> {
    const before = refused.get(key);
    if (before !== undefined && before.offer.id !== offer?.id) refused.delete(key);
    if ((offer?.id ?? null) === stands) return;
    if (before?.offer.id === offer?.id && before !== undefined && performance.now() - before.atMs < AGAIN_MS) return;
    if (await put()) {
      refused.delete(key);
      lines.ModelPlaced({ place: key, model: offer?.id ?? 'none' });
    } else if (offer !== null) refused.set(key, { offer, code: slot.refusal, atMs: performance.now() });
  }

  async function take(): Promise<void> {
    const known = await store.get(MODEL_KEYS.seq);
    if (known !== undefined && Number(known) !== set.seq) {
      const text = await store.get(MODEL_KEYS.inForce);
      if (text !== undefined) set = modelsInForce.parse(JSON.parse(text));
    }
    for (const [name, { slot, release, challenger }] of slots) {
      const told = set.models.find((model) => model.name === name);
      const champion = offerOf(name, told?.champion) ?? release;
      await place(`${name} champion`, champion, slot.version, () => slot.offer(champion), slot);
      const watcher = offerOf(name, told?.challenger) ?? challenger;
      await place(`${name} challenger`, watcher, slot.watching, () => slot.watch(watcher), slot);
    }
  }

  async function tell(): Promise<void> {
    const models = slots.map(([name, { slot }]): Told => {
      const said: Told = {
        name,
        champion: slot.version,
        challenger: slot.watching,
        refused: [...refused].flatMap(([key, { offer, code }]) => (key.startsWith(`${name} `) ? [{ model: offer.id, code }] : [])),
        counts: slot.watched,
      };
      return withEarlier(said, earlier);
    });
    const text = JSON.stringify({ seq: set.seq, models });
    if (text === written) return;
    await store.set(MODEL_KEYS.counts, JSON.stringify({ seq: set.seq, atMs: nowMs(), models } satisfies ModelCounts));
    written = text;
  }

  const looker = createLooker({
    everyMs: lookMs,
    async look() {
      await take();
      await tell();
    },
    onFailed: (error) => lines.ModelsNotRead({}, error),
  });

  try {
    const before = await store.get(MODEL_KEYS.counts);
    if (before !== undefined) earlier = modelCounts.parse(JSON.parse(before)).models;
  } catch (error) {
    lines.ModelsNotRead({}, error);
  }
  await looker.look();
  const unsubscribe = await store.subscribe(MODEL_KEYS.inForce, () => void looker.look());
  looker.start();
  return {
    seq: () => set.seq,
    async stop() {
      await looker.stop();
      await unsubscribe();
      await looker.look();
    },
  };
}

/** A challenger that watched before a restart goes on from what was counted then, if the champion is the same. */
function withEarlier(said: Told, earlier: readonly Told[]): Told {
  const before = earlier.find(
    ({ name, champion, challenger }) => name === said.name && champion === said.champion && challenger === said.challenger,
  );
  if (before === undefined || said.challenger === null) return said;
  const { agrees, higher, lower, failed, passedOver } = said.counts;
  return {
    ...said,
    counts: {
      agrees: before.counts.agrees + agrees,
      higher: before.counts.higher + higher,
      lower: before.counts.lower + lower,
      failed: before.counts.failed + failed,
      passedOver: before.counts.passedOver + passedOver,
    },
  };
}
