import { errors } from '../../errors.ts';
import type { Position } from '../../port.ts';
import { partsOf, type Database, type Part } from './database.ts';
import type { Writer } from './writer.ts';

/** A member says that it lives this often. */
export const HEARTBEAT_MS = 2_000;
/** A member of this process that was silent for so long (its thread ended or hangs) loses its partitions. */
export const LEASE_MS = 12_000;

/**
 * One member of a group, in the log's own file. Every member computes the same fair share from the list of members;
 * it hands back first, and takes only what nobody owns, so a partition never has two owners. Members of a process that
 * has ended count as gone at once, because the folder's lock allows one process only.
 */
export class Membership {
  readonly #database: Database;
  readonly #writer: Writer;
  readonly #group: string;
  readonly #member: string;
  readonly #process: string;
  readonly #topics: readonly string[];
  readonly #wallNowMs: () => number;

  constructor(options: {
    database: Database;
    writer: Writer;
    group: string;
    member: string;
    process: string;
    topics: readonly string[];
    wallNowMs: () => number;
  }) {
    this.#database = options.database;
    this.#writer = options.writer;
    this.#group = options.group;
    this.#member = options.member;
    this.#process = options.process;
    this.#topics = options.topics;
    this.#wallNowMs = options.wallNowMs;
  }

  /** Joins, or says "still here"; removes members that are gone. Resolves to whether anything changed for the group. */
  beat(): Promise<boolean> {
    return this.#writer.run(0, () => {
      const nowMs = this.#wallNowMs();
      const db = this.#database;
      const gone = db
        .statement('DELETE FROM member WHERE grp = ? AND id <> ? AND (process <> ? OR beat < ?)')
        .run(this.#group, this.#member, this.#process, nowMs - LEASE_MS);
      db.statement('DELETE FROM owner WHERE grp = ? AND member <> ? AND member NOT IN (SELECT id FROM member WHERE grp = ?)').run(
        this.#group,
        this.#member,
        this.#group,
      );
      const known = db.statement('UPDATE member SET beat = ? WHERE grp = ? AND id = ?').run(nowMs, this.#group, this.#member).changes;
      if (Number(known) === 0)
        db.statement('INSERT INTO member (grp, id, process, topics, beat) VALUES (?, ?, ?, ?, ?)').run(
          this.#group,
          this.#member,
          this.#process,
          JSON.stringify(this.#topics),
          nowMs,
        );
      return Number(gone.changes) > 0 || Number(known) === 0;
    });
  }

  /** The partitions this member should have: each topic's dealt round to the members that read it, in order of id. */
  share(): readonly Part[] {
    const members = this.#database
      .rows('SELECT id, topics FROM member WHERE grp = ? ORDER BY id', this.#group)
      .map((row) => ({ id: String(row['id']), topics: JSON.parse(String(row['topics'])) as string[] }));
    const mine: Part[] = [];
    for (const topic of this.#topics) {
      const readers = members.filter(({ topics }) => topics.includes(topic));
      for (const part of partsOf(this.#database, topic)) {
        // Starting at the part's id, not its number, spreads topics with a single partition over the members.
        if (readers[part.id % readers.length]?.id === this.#member) mine.push(part);
      }
    }
    return mine;
  }

  /** Ids of the partitions that this member owns at present. */
  owned(): ReadonlySet<number> {
    return new Set(
      this.#database
        .rows('SELECT part FROM owner WHERE grp = ? AND member = ?', this.#group, this.#member)
        .map((row) => Number(row['part'])),
    );
  }

  /** Takes those of the partitions that nobody owns. */
  claim(parts: readonly Part[]): Promise<readonly Part[]> {
    return this.#writer.run(0, () =>
      parts.filter(
        (part) =>
          Number(
            this.#database
              .statement('INSERT INTO owner (grp, part, member) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
              .run(this.#group, part.id, this.#member).changes,
          ) > 0,
      ),
    );
  }

  release(parts: readonly Part[]): Promise<void> {
    return this.#writer.run(0, () => {
      for (const part of parts)
        this.#database.statement('DELETE FROM owner WHERE grp = ? AND part = ? AND member = ?').run(this.#group, part.id, this.#member);
    });
  }

  leave(): Promise<void> {
    return this.#writer.run(0, () => {
      this.#database.statement('DELETE FROM owner WHERE grp = ? AND member = ?').run(this.#group, this.#member);
      this.#database.statement('DELETE FROM member WHERE grp = ? AND id = ?').run(this.#group, this.#member);
    });
  }

  committed(part: Part): number | undefined {
    const row = this.#database.row('SELECT next FROM position WHERE grp = ? AND part = ?', this.#group, part.id);
    return row === undefined ? undefined : Number(row['next']);
  }

  /** Registers the group at a position when it has none yet, so that retention keeps what it has not read. */
  register(starts: readonly { readonly part: Part; readonly offset: number }[]): Promise<void> {
    return this.#writer.run(0, () => {
      for (const { part, offset } of starts)
        this.#database
          .statement('INSERT INTO position (grp, part, next) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
          .run(this.#group, part.id, offset);
    });
  }

  /** @throws STREAM_FENCED, with nothing committed, when one of the partitions has another owner */
  commit(positions: readonly { readonly part: Part; readonly offset: number }[]): Promise<void> {
    return this.#writer.run(0, () => {
      for (const { part } of positions) {
        const owner = this.#database.row('SELECT member FROM owner WHERE grp = ? AND part = ?', this.#group, part.id);
        if (owner?.['member'] !== this.#member)
          throw errors.fenced({ group: this.#group, topic: part.topic, partition: part.number } satisfies Partial<Position> & {
            group: string;
          });
      }
      for (const { part, offset } of positions)
        this.#database
          .statement('INSERT INTO position (grp, part, next) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET next = excluded.next')
          .run(this.#group, part.id, offset);
    });
  }
}
