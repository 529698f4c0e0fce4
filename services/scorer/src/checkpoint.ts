import { deserialize, serialize } from 'node:v8';
import type { Detector, PersonsMark, PersonsPart, PersonsWriting } from '@skyeye/detection';
import { openPiece, sealPiece, type CheckpointMark, type CheckpointPart, type Engine } from '@skyeye/engine';
import { handlingOf, SkyeyeError } from '@skyeye/foundation';
import type { Position } from '@skyeye/stream';
import type { Store } from '@skyeye/store';
import { chainsOf, fileName, manifestName, MANIFEST, namesIn, type Chain } from './checkpoint-names.ts';
import { formerCheckpoints } from './former-checkpoint.ts';
import { errors } from './tables.ts';

/** What the scorer needs to go on where it was. */
export interface ScorerState {
  readonly positions: readonly Position[];
  readonly lastTickMs: number;
  /** What detection remembers beside persons, who come in parts; a checkpoint takes it serialised as well and gives it back as it was. */
  readonly detection: unknown;
}

/** What a checkpoint consists of: the engine's parts, and those of the persons that detection remembers. */
export type ScorerPart = CheckpointPart | PersonsPart;

export interface LoadedCheckpoint {
  readonly state: ScorerState;
  /** In their order. @throws when a piece is damaged, cut off or another's */
  readonly parts: () => AsyncIterable<ScorerPart> | Iterable<ScorerPart>;
}

export interface CheckpointSource {
  readonly engine: Engine;
  readonly detector: Pick<Detector, 'writePersons'>;
  /**
   * Runs when nothing is half folded, and nothing is folded until it ends: it makes the last parts, which are few, and
   * tells the state that goes with them.
   */
  readonly closing: (last: () => void) => Promise<ScorerState>;
  /** Everything anew, and nothing older is left: something was erased. */
  readonly alone?: boolean;
}

interface Manifest {
  readonly format: number;
  /** Checkpoint to restore first, then those that add to it; this one is the last. */
  readonly chain: Chain;
  readonly state: ScorerState;
}

/** Up to where the last checkpoint goes, for one that adds to it. */
interface Mark {
  readonly engine: CheckpointMark | null;
  readonly persons: PersonsMark;
}

const FORMAT = 6;
/** Before 6 persons stood in the manifest; before 5 what detection remembers was an object there, not bytes. */
const FORMATS_READ: ReadonlySet<number> = new Set([4, 5, FORMAT]);
/** A file of pieces, bytes: a write of some tens of milliseconds that nobody waits for. */
const FILE_BYTES = 4 * 1024 * 1024;
/** Checkpoints that may add to a complete one; then the next is complete, so that a restart reads few of them. */
const ADDED_MAX = 30;

/** So few persons are written while nothing is folded; more are written before, and those who changed meanwhile again. */
const PERSONS_LAST = 50;
/** How often that is tried: where more than those change all the time, the last of them wait for a moment. */
const PERSONS_ROUNDS = 6;

/** Lets timers, batches and hold questions run between two parts. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Checkpoints of one scorer: a complete one, then some that add to it; each counts when its manifest, written last, is
 * there. Kept are the latest, the one before it, and the latest of the complete one before.
 */
export class Checkpoints {
  readonly #store: Store;
  #latest = 0;
  #chain: Chain = [];
  #sizes: number[] = [];
  #mark: Mark | null = null;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Events are folded while it writes. Cost: linear in what came since the one before, at times in all of the state. */
  async write({ engine, detector, closing, alone = false }: CheckpointSource): Promise<ScorerState> {
    const number = ++this.#latest;
    const files = new Files(this.#store, number);
    try {
      const parts = engine.checkpoint(alone || !this.#mayAdd() ? undefined : (this.#mark?.engine ?? undefined));
      let full = true;
      let state: ScorerState | undefined;
      let mark: Mark | null = null;
      let persons: PersonsWriting | undefined;
      for (let next = parts.next(); state === undefined; next = parts.next()) {
        if (next.done === true) throw errors.snapshotBroken({ reason: 'a checkpoint ended before it closed' });
        if (next.value.kind !== 'closing') {
          await files.add(serialize(next.value));
          await breathe();
          if (next.value.kind !== 'start') continue;
          ({ full } = next.value);
          persons = detector.writePersons(full ? null : this.#mark?.persons);
          await writePersons(persons, files);
          continue;
        }
        if (persons === undefined) throw errors.snapshotBroken({ reason: 'a checkpoint closed before it began' });
        const writing = persons;
        await writePersons(writing, files);
        const last: Uint8Array[] = [];
        state = await closing(() => {
          for (let one = parts.next(); ; one = parts.next()) {
            if (one.done === true) {
              const rest = writing.finish();
              last.push(...rest.parts.map((part) => serialize(part)));
              mark = { engine: one.value, persons: rest.mark };
              return;
            }
            last.push(serialize(one.value));
          }
        });
        for (const content of last) await files.add(content);
      }
      await files.flush();
      const chain = [...(full ? [] : this.#chain), { number, files: files.count, pieces: files.pieces }];
      const manifest: Manifest = { format: FORMAT, chain, state };
      await this.#store.putSnapshot(manifestName(number), sealPiece(serialize(manifest), { checkpoint: number, piece: MANIFEST }));
      [this.#chain, this.#mark] = [chain, mark];
      this.#sizes = [...(full ? [] : this.#sizes), files.bytes];
      await this.#deleteAllBut(alone ? [chain] : await this.#kept(chain));
      return state;
    } catch (error) {
      await files.remove();
      throw error;
    }
  }

  #mayAdd(): boolean {
    const [complete = 0, ...added] = this.#sizes;
    return added.length < ADDED_MAX && added.reduce((sum, bytes) => sum + bytes, 0) <= complete / 2;
  }

  /** Chains of the manifests that stay: the latest two, and the latest of the complete checkpoint before. */
  async #kept(chain: Chain): Promise<readonly Chain[]> {
    const kept = [chain];
    for (const number of (await this.#manifests()).filter((other) => other < (chain.at(-1)?.number ?? 0))) {
      const other = await this.#manifest(number).catch(() => undefined);
      if (other === undefined) continue;
      const isOld = other.chain[0]?.number !== chain[0]?.number;
      if (!isOld && kept.length > 1) continue;
      kept.push(other.chain);
      if (isOld) break;
    }
    return kept;
  }

  async #deleteAllBut(chains: readonly Chain[]): Promise<void> {
    const kept = new Set(chains.flatMap((chain) => namesIn(chain)));
    for (const name of chainsOf((await this.#store.listSnapshots()).map((info) => info.name)).all)
      if (!kept.has(name)) await this.#store.deleteSnapshot(name);
  }

  async #manifests(): Promise<readonly number[]> {
    return chainsOf((await this.#store.listSnapshots()).map((info) => info.name)).manifests;
  }

  /**
   * What can be read, the newest first; `refused` is told of each that is damaged. The next is read only when it is
   * asked for. @throws STORE_* with handling retry: a store that is away is not a damaged checkpoint
   */
  async *newestFirst(refused: (error: unknown) => void): AsyncGenerator<LoadedCheckpoint> {
    const numbers = await this.#manifests();
    // The next one is written over neither a good checkpoint's number nor a damaged one's.
    this.#latest = Math.max(0, ...chainsOf((await this.#store.listSnapshots()).map((info) => info.name)).numbers);
    for (const number of numbers) {
      const manifest = await readable(() => this.#manifest(number), refused);
      if (manifest !== undefined) yield { state: readableState(manifest.state), parts: () => this.#parts(manifest.chain) };
    }
    yield* formerCheckpoints(this.#store, refused);
  }

  async #manifest(number: number): Promise<Manifest> {
    const snapshot = await this.#store.getSnapshot(manifestName(number));
    if (snapshot === undefined) throw errors.snapshotBroken({ manifest: number });
    const manifest = deserialize(openPiece(snapshot.bytes, { checkpoint: number, piece: MANIFEST }).content) as Manifest;
    if (!FORMATS_READ.has(manifest.format)) throw errors.snapshotBroken({ format: manifest.format });
    return manifest;
  }

  async *#parts(chain: Chain): AsyncGenerator<ScorerPart> {
    for (const { number, files, pieces } of chain) {
      let piece = 0;
      for (let file = 0; file < files; file++) {
        const snapshot = await this.#store.getSnapshot(fileName(number, file));
        if (snapshot === undefined) throw errors.snapshotBroken({ checkpoint: number, file, of: files });
        for (let rest = snapshot.bytes; rest.length > 0;) {
          const opened = openPiece(rest, { checkpoint: number, piece });
          yield deserialize(opened.content) as ScorerPart;
          piece += 1;
          ({ rest } = opened);
          await breathe();
        }
      }
      if (piece !== pieces) throw errors.snapshotBroken({ checkpoint: number, pieces: piece, of: pieces });
    }
  }
}

/** Persons as they are now, then those who changed meanwhile, until few are left. */
async function writePersons(writing: PersonsWriting, files: Files): Promise<void> {
  let round = 0;
  do
    for (const part of writing.parts()) {
      await files.add(serialize(part));
      await breathe();
    }
  while (writing.waiting > PERSONS_LAST && ++round < PERSONS_ROUNDS);
}

/** Pieces of one checkpoint, some to a file. */
class Files {
  readonly #store: Store;
  readonly #checkpoint: number;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  pieces = 0;
  count = 0;
  bytes = 0;

  constructor(store: Store, checkpoint: number) {
    this.#store = store;
    this.#checkpoint = checkpoint;
  }

  async add(content: Uint8Array): Promise<void> {
    const sealed = sealPiece(content, { checkpoint: this.#checkpoint, piece: this.pieces++ });
    this.#waiting.push(sealed);
    this.#waitingBytes += sealed.length;
    if (this.#waitingBytes >= FILE_BYTES) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    [this.#waiting, this.#waitingBytes] = [[], 0];
    await this.#store.putSnapshot(fileName(this.#checkpoint, this.count++), bytes);
    this.bytes += bytes.length;
  }

  /** What was written of a checkpoint that failed only takes room. What cannot be removed now goes with the next one. */
  async remove(): Promise<void> {
    for (let file = 0; file < this.count; file++) await this.#store.deleteSnapshot(fileName(this.#checkpoint, file)).catch(() => undefined);
  }
}

function readableState(state: ScorerState): ScorerState {
  return state.detection instanceof Uint8Array ? { ...state, detection: deserialize(state.detection) as unknown } : state;
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
