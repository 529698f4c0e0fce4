import { deserialize, serialize } from 'node:v8';
import type { CheckpointPart, Engine } from '@skyeye/engine';
import type { Position } from '@skyeye/stream';
import type { Store } from '@skyeye/store';
import { errors } from './tables.ts';

/** What the scorer needs to go on where it was. */
export interface ScorerState {
  readonly positions: readonly Position[];
  readonly lastTickMs: number;
  readonly detection: unknown;
}

interface Manifest extends ScorerState {
  readonly format: 1;
  readonly generation: number;
  readonly parts: number;
}

const MANIFEST = 'scorer-manifest';
const partName = (generation: number, index: number): string => `scorer-${generation % 2}-part-${index}`;

/** Lets timers and hold questions run between two parts. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Checkpoints of one scorer: two generations in turn; the manifest is written last and decides which one counts. */
export class Checkpoints {
  readonly #store: Store;
  #generation = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Nothing may be folded while it writes. Cost: linear in state, in parts of some 20,000 records. */
  async write(engine: Engine, state: ScorerState): Promise<void> {
    const generation = this.#generation + 1;
    let parts = 0;
    for (const part of engine.checkpoint()) {
      await this.#store.putSnapshot(partName(generation, parts), serialize(part));
      parts++;
      await breathe();
    }
    const manifest: Manifest = { format: 1, generation, parts, ...state };
    await this.#store.putSnapshot(MANIFEST, serialize(manifest));
    this.#generation = generation;
  }

  /**
   * Takes the newest checkpoint into an empty engine; null when there is none.
   * @throws SCORER_SNAPSHOT_BROKEN, STORE_* when a part is damaged
   */
  async read(engine: Engine): Promise<ScorerState | null> {
    const snapshot = await this.#store.getSnapshot(MANIFEST);
    if (snapshot === undefined) return null;
    const manifest = deserialize(snapshot.bytes) as Manifest;
    if (manifest.format !== 1) throw errors.snapshotBroken({ format: manifest.format });
    const parts: CheckpointPart[] = [];
    for (let index = 0; index < manifest.parts; index++) {
      const part = await this.#store.getSnapshot(partName(manifest.generation, index));
      if (part === undefined) throw errors.snapshotBroken({ part: index, of: manifest.parts });
      parts.push(deserialize(part.bytes) as CheckpointPart);
      await breathe();
    }
    engine.restore(parts);
    this.#generation = manifest.generation;
    return manifest;
  }
}
