import type { Action, Bilingual } from '@skyeye/contracts';
import { canonicalJson, sm3 } from './canonical.ts';
import type { Queries } from './database.ts';

export type ActionKind = Action['kind'];
export type ActionFacts = Action['facts'];

export interface NewAction {
  readonly incidentId: string;
  readonly kind: ActionKind;
  readonly atMs: number;
  readonly by: string;
  readonly says: Bilingual;
  readonly facts?: ActionFacts;
}

/** One line of the audit. Facts hold no name and no number of a person, tokens at most. */
export interface NewAudit {
  readonly atMs: number;
  readonly by: string;
  readonly kind: string;
  readonly subject: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What a transaction tells the feed and the audit: written in one go at its end, numbered in the order of the commits. */
export class Journal {
  readonly #feed: {
    type: string;
    incidentId: string;
    atMs: number;
    by: string | null;
    kind: string | null;
    says: string | null;
    facts: string | null;
    eventIds: string | null;
  }[] = [];
  readonly #audit: NewAudit[] = [];

  action({ incidentId, kind, atMs, by, says, facts = {} }: NewAction): void {
    this.#feed.push({
      type: 'action',
      incidentId,
      atMs,
      by,
      kind,
      says: JSON.stringify(says),
      facts: JSON.stringify(facts),
      eventIds: null,
    });
  }

  /** The incident's row changed without anyone acting: score, live flags, time to loss. */
  changed(incidentId: string, atMs: number): void {
    if (this.#feed.some((row) => row.incidentId === incidentId && row.type !== 'evidence')) return;
    this.#feed.push({ type: 'incident', incidentId, atMs, by: null, kind: null, says: null, facts: null, eventIds: null });
  }

  evidence(incidentId: string, atMs: number, eventIds: readonly string[]): void {
    if (eventIds.length > 0)
      this.#feed.push({
        type: 'evidence',
        incidentId,
        atMs,
        by: null,
        kind: null,
        says: null,
        facts: null,
        eventIds: JSON.stringify(eventIds),
      });
  }

  audit(entry: NewAudit): void {
    this.#audit.push(entry);
  }

  /** Whether readers of the feed have something to read once the transaction is committed. */
  get hasFeed(): boolean {
    return this.#feed.length > 0;
  }

  /** Last thing of the transaction: takes the one lock that orders them all. */
  async flush(tx: Queries): Promise<void> {
    const rows = this.#feed;
    const entries = this.#audit;
    if (rows.length === 0 && entries.length === 0) return;
    const [head] = await tx.query<{ feed_seq: number; audit_seq: number; audit_hash: string }>(
      'update journal_head set feed_seq = feed_seq + $1, audit_seq = audit_seq + $2 returning feed_seq, audit_seq, audit_hash',
      [rows.length, entries.length],
    );
    if (head === undefined) throw new Error('the journal has no head');
    if (rows.length > 0) {
      const column = <K extends keyof (typeof rows)[number]>(name: K): (typeof rows)[number][K][] => rows.map((row) => row[name]);
      await tx.query(
        `insert into feed (seq, type, incident_id, at_ms, by, kind, says, facts, event_ids)
         select $1 + n, type, incident_id, at_ms, by, kind, says::jsonb, facts::jsonb, case when events is null then null else array(select jsonb_array_elements_text(events::jsonb)) end
         from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[]) with ordinality as r (type, incident_id, at_ms, by, kind, says, facts, events, n)`,
        [
          head.feed_seq - rows.length,
          column('type'),
          column('incidentId'),
          column('atMs'),
          column('by'),
          column('kind'),
          column('says'),
          column('facts'),
          column('eventIds'),
        ],
      );
    }
    if (entries.length > 0) {
      let { audit_hash: hash } = head;
      const firstSeq = head.audit_seq - entries.length + 1;
      const chained = entries.map((entry, index) => {
        const facts = canonicalJson(entry.facts ?? {});
        hash = entryHash(hash, { seq: firstSeq + index, ...entry, facts });
        return { ...entry, facts, hash };
      });
      await tx.query(
        `insert into audit (seq, at_ms, by, kind, subject, facts, hash)
         select $1 + n - 1, at_ms, by, kind, subject, facts, hash from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) with ordinality as r (at_ms, by, kind, subject, facts, hash, n)`,
        [
          firstSeq,
          chained.map((e) => e.atMs),
          chained.map((e) => e.by),
          chained.map((e) => e.kind),
          chained.map((e) => e.subject),
          chained.map((e) => e.facts),
          chained.map((e) => e.hash),
        ],
      );
      await tx.query('update journal_head set audit_hash = $1', [hash]);
    }
  }
}

/** SM3(previous hash ‖ canonical JSON of the entry); `facts` is canonical text already and enters as such. */
export function entryHash(
  previous: string,
  { seq, atMs, by, kind, subject, facts }: { seq: number; atMs: number; by: string; kind: string; subject: string; facts: string },
): string {
  return sm3(previous + canonicalJson({ seq, atMs, by, kind, subject, facts }));
}
