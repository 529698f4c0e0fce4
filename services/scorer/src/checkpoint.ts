import { deserialize, serialize } from 'node:v8';
import type { CheckpointPart, Engine } from '@skyeye/engine';
import { handlingOf, SkyeyeError } from '@skyeye/foundation';
import type { Position } from '@skyeye/stream';
import type { Store } from '@skyeye/store';
import { errors } from './tables.ts';

/** What the scorer needs to go on where it was. */
export interface ScorerState {
  readonly positions: readonly Position[];
  readonly lastTickMs: number;
  readonly detection: unknown;
}

export interface LoadedCheckpoint {
  readonly state: ScorerState;
  readonly parts: readonly CheckpointPart[];
}

interface Manifest extends ScorerState {
  readonly format: typeof FORMAT;
  readonly generation: number;
  readonly parts: number;
}

/** Every part names its generation: the store answers for a damaged snapshot with the one before it, which is of another checkpoint. */
interface Part {
  readonly generation: number;
  readonly part: CheckpointPart;
}

const FORMAT = 2;
const SLOTS = [0, 1] as const;
const slotOf = (generation: number): number => generation % SLOTS.length;
const manifestName = (slot: number): string => `scorer-${slot}-manifest`;
const partName = (slot: number, index: number): string => `scorer-${slot}-part-${index}`;

/** Lets timers and hold questions run between two parts. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Checkpoints of one scorer: two generations in two slots in turn. A generation counts when its manifest, written last, is there. */
export class Checkpoints {
  readonly #store: Store;
  #generation = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Nothing may be folded while it writes. Cost: linear in state, in parts of some 20,000 records. */
  async write(engine: Engine, state: ScorerState): Promise<void> {
    const generation = this.#generation + 1;
    const slot = slotOf(generation);
    let parts = 0;
    for (const part of engine.checkpoint()) {
      const written: Part = { generation, part };
      await this.#store.putSnapshot(partName(slot, parts), serialize(written));
      parts++;
      await breathe();
    }
    const manifest: Manifest = { format: FORMAT, generation, parts, ...state };
    await this.#store.putSnapshot(manifestName(slot), serialize(manifest));
    this.#generation = generation;
  }

  /**
   * What can be read of the two, the newest first; `refused` is told of each that is damaged. The second is read only when
   * it is asked for. @throws STORE_* with handling retry: a store that is away is not a damaged checkpoint
   */
  async *newestFirst(refused: (error: unknown) => void): AsyncGenerator<LoadedCheckpoint> {
    const manifests: Manifest[] = [];
    for (const slot of SLOTS) {
      const manifest = await readable(() => this.#manifest(slot), refused);
      if (manifest !== undefined) manifests.push(manifest);
    }
    // The next one is written over neither a good checkpoint's number nor a damaged one's.
    this.#generation = Math.max(0, ...manifests.map(({ generation }) => generation));
    for (const manifest of manifests.sort((a, b) => b.generation - a.generation)) {
      const parts = await readable(() => this.#parts(manifest), refused);
      if (parts !== undefined) yield { state: manifest, parts };
    }
  }

  async #manifest(slot: number): Promise<Manifest | undefined> {
    const snapshot = await this.#store.getSnapshot(manifestName(slot));
    if (snapshot === undefined) return undefined;
    const manifest = deserialize(snapshot.bytes) as Manifest;
    if (manifest.format !== FORMAT) throw errors.snapshotBroken({ format: manifest.format });
    return manifest;
  }

  async #parts({ generation, parts: of }: Manifest): Promise<CheckpointPart[]> {
    const parts: CheckpointPart[] = [];
    for (let index = 0; index < of; index++) {
      const snapshot = await this.#store.getSnapshot(partName(slotOf(generation), index));
      const read = snapshot === undefined ? undefined : (deserialize(snapshot.bytes) as Part);
      if (read?.generation !== generation) throw errors.snapshotBroken({ part: index, of, generation, found: read?.generation });
      parts.push(read.part);
      await breathe();
    }
    return parts;
  }
}

async function readable<T>(read: () => Promise<T>, refused: (error: unknown) => void): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SkyeyeError && handlingOf(error) === 'retry') throw error;
    refused(error);
    return undefined;
  }
}
