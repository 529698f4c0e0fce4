import { deserialize } from 'node:v8';
import type { CheckpointPart } from '@skyeye/engine';
import { handlingOf, SkyeyeError } from '@skyeye/foundation';
import type { Store } from '@skyeye/store';
import type { LoadedCheckpoint, ScorerState } from './checkpoint.ts';
import { errors } from './tables.ts';

interface Manifest extends ScorerState {
  readonly format: number;
  readonly generation: number;
  readonly parts: number;
}

const FORMAT = 2;
const SLOTS = [0, 1] as const;

/** Checkpoints of the releases before: two slots written in turn, a snapshot for every part. They are read and never written. */
export async function* formerCheckpoints(store: Store, refused: (error: unknown) => void): AsyncGenerator<LoadedCheckpoint> {
  const manifests: { readonly slot: number; readonly manifest: Manifest }[] = [];
  for (const slot of SLOTS) {
    try {
      const snapshot = await store.getSnapshot(`scorer-${slot}-manifest`);
      if (snapshot === undefined) continue;
      const manifest = deserialize(snapshot.bytes) as Manifest;
      if (manifest.format !== FORMAT) throw errors.snapshotBroken({ format: manifest.format });
      manifests.push({ slot, manifest });
    } catch (error) {
      if (error instanceof SkyeyeError && handlingOf(error) === 'retry') throw error;
      refused(error);
    }
  }
  for (const { slot, manifest } of manifests.sort((a, b) => b.manifest.generation - a.manifest.generation))
    yield { state: manifest, parts: () => partsOf(store, slot, manifest) };
}

async function* partsOf(store: Store, slot: number, { generation, parts }: Manifest): AsyncGenerator<CheckpointPart> {
  for (let index = 0; index < parts; index++) {
    const snapshot = await store.getSnapshot(`scorer-${slot}-part-${index}`);
    const read =
      snapshot === undefined ? undefined : (deserialize(snapshot.bytes) as { readonly generation: number; readonly part: CheckpointPart });
    if (read?.generation !== generation) throw errors.snapshotBroken({ part: index, generation, found: read?.generation });
    yield read.part;
  }
}
