import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errors } from '../errors.ts';

/** What was decided in a running county and cannot be made again from the seed. */
const decision = z.discriminatedUnion('d', [
  /** The payment went out at `at`, or did not. */
  z.strictObject({ d: z.literal('go'), tx: z.string(), at: z.number() }),
  z.strictObject({ d: z.literal('skip'), tx: z.string(), at: z.number() }),
  /** The bank holds the payment; the teller has seen to it by `teller`. */
  z.strictObject({
    d: z.literal('held'),
    tx: z.string(),
    at: z.number(),
    bank: z.string(),
    hold: z.string(),
    teller: z.number(),
    expires: z.number(),
    delays: z.boolean().optional(),
  }),
  /** The n-th time somebody of us spoke with the person of this script. */
  z.strictObject({ d: z.literal('contact'), plan: z.string(), at: z.number() }),
  /** The person stopped. */
  z.strictObject({ d: z.literal('stop'), plan: z.string(), at: z.number(), by: z.string() }),
]);
export type Decision = z.infer<typeof decision>;

const identity = z.strictObject({ seed: z.number(), residents: z.number(), scams: z.string(), startMs: z.number(), everyMs: z.number() });
export type CountyIdentity = z.infer<typeof identity>;

export interface SavedCounty {
  readonly identity: CountyIdentity;
  /** The first day's import has been sent whole. */
  readonly imported: boolean;
  /** Everything that arrives up to here has been sent; null before the first tick. */
  readonly positionMs: number | null;
  readonly decisions: readonly Decision[];
}

/** Where a running county keeps what a restart needs. Every method is durable when it returns. */
export interface CountyStore {
  load(): SavedCounty | null;
  begin(of: CountyIdentity): void;
  markImported(): void;
  append(decisions: readonly Decision[]): void;
  savePosition(positionMs: number): void;
  close(): void;
}

/** For tests: survives its county, not the process. */
export class MemoryCountyStore implements CountyStore {
  #saved: SavedCounty | null = null;
  load(): SavedCounty | null {
    return this.#saved;
  }
  begin(of: CountyIdentity): void {
    this.#saved = { identity: of, imported: false, positionMs: null, decisions: [] };
  }
  markImported(): void {
    if (this.#saved !== null) this.#saved = { ...this.#saved, imported: true };
  }
  append(decisions: readonly Decision[]): void {
    if (this.#saved !== null) this.#saved = { ...this.#saved, decisions: [...this.#saved.decisions, ...decisions] };
  }
  savePosition(positionMs: number): void {
    if (this.#saved !== null) this.#saved = { ...this.#saved, positionMs };
  }
  close(): void {
    // Nothing is open.
  }
}

const SLOT_BYTES = 32;
/** Longer than the longest script and the latest delivery. */
const DECISIONS_KEPT_MS = 30 * 86_400_000;

/**
 * In a folder: `county.json` (what county it is), `journal.jsonl` (decisions), `position` (two slots written in turn, so that a
 * torn write leaves the other). A last line that a crash cut short is removed. Cost: one fdatasync per call.
 */
export class FolderCountyStore implements CountyStore {
  readonly #folder: string;
  #journal = -1;
  #position = -1;
  #slot = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  load(): SavedCounty | null {
    const headPath = this.#path('county.json');
    if (!existsSync(headPath)) return null;
    const head = z.strictObject({ identity, imported: z.boolean() }).parse(JSON.parse(readFileSync(headPath, 'utf8')));
    const decisions = this.#readJournal();
    this.#open();
    const slots = Buffer.alloc(SLOT_BYTES * 2);
    readSync(this.#position, slots, 0, slots.length, 0);
    const values = [0, 1]
      .map((slot) => /^(\d{15}) (\d{15})$/.exec(slots.toString('latin1', slot * SLOT_BYTES, slot * SLOT_BYTES + 31)))
      .map((match) => (match !== null && match[1] === match[2] ? Number(match[1]) : null));
    const [first = null, second = null] = values;
    const positionMs = first === null ? second : second === null ? first : Math.max(first, second);
    this.#slot = positionMs === first ? 1 : 0;
    return { ...head, positionMs, decisions: this.#compact(decisions, (positionMs ?? 0) - DECISIONS_KEPT_MS) };
  }

  #readJournal(): Decision[] {
    const path = this.#path('journal.jsonl');
    if (!existsSync(path)) return [];
    const bytes = readFileSync(path);
    const end = bytes.lastIndexOf(0x0a) + 1;
    if (end < bytes.length) truncateSync(path, end);
    return bytes
      .toString('utf8', 0, end)
      .split('\n')
      .filter((line) => line !== '')
      .map((line, index) => {
        try {
          return decision.parse(JSON.parse(line));
        } catch (cause) {
          throw errors.journalBroken({ line: index + 1 }, cause);
        }
      });
  }

  #open(): void {
    if (this.#journal >= 0) return;
    this.#journal = openSync(this.#path('journal.jsonl'), 'a');
    this.#position = openSync(this.#path('position'), existsSync(this.#path('position')) ? 'r+' : 'w+');
  }

  /** Forgets what no restart needs any more, so that the journal does not grow for ever: about 60 kB per county day remain for 30 days. */
  #compact(decisions: readonly Decision[], fromMs: number): readonly Decision[] {
    const kept = decisions.filter((entry) => entry.at >= fromMs);
    if (kept.length === decisions.length) return decisions;
    const fd = openSync(this.#path('journal.jsonl.new'), 'w');
    writeSync(fd, kept.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    fsyncSync(fd);
    closeSync(fd);
    renameSync(this.#path('journal.jsonl.new'), this.#path('journal.jsonl'));
    closeSync(this.#journal);
    this.#journal = openSync(this.#path('journal.jsonl'), 'a');
    return kept;
  }

  #writeHead(head: { identity: CountyIdentity; imported: boolean }): void {
    const fd = openSync(this.#path('county.json.new'), 'w');
    writeSync(fd, JSON.stringify(head));
    fsyncSync(fd);
    closeSync(fd);
    renameSync(this.#path('county.json.new'), this.#path('county.json'));
    const folder = openSync(this.#folder, 'r');
    fsyncSync(folder);
    closeSync(folder);
  }

  begin(of: CountyIdentity): void {
    this.#writeHead({ identity: of, imported: false });
    this.#open();
  }

  markImported(): void {
    const saved = this.load();
    if (saved !== null) this.#writeHead({ identity: saved.identity, imported: true });
  }

  append(decisions: readonly Decision[]): void {
    if (decisions.length === 0) return;
    writeSync(this.#journal, decisions.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    fdatasyncSync(this.#journal);
  }

  savePosition(positionMs: number): void {
    const digits = String(positionMs).padStart(15, '0');
    writeSync(this.#position, `${digits} ${digits}\n`, this.#slot * SLOT_BYTES, 'latin1');
    fdatasyncSync(this.#position);
    this.#slot = 1 - this.#slot;
  }

  close(): void {
    if (this.#journal < 0) return;
    closeSync(this.#journal);
    closeSync(this.#position);
    this.#journal = -1;
    this.#position = -1;
  }
}
