import { feedback, TOPICS, type Feedback } from '@skyeye/contracts';
import { feedSeq, getIncident, readFeed, type FeedRow, type Ledger } from '@skyeye/ledger';
import type { Store } from '@skyeye/store';
import type { Log } from '@skyeye/stream';
import type { Telemetry } from '@skyeye/telemetry';
import { logEvents, metricEntries } from './tables.ts';

const POSITION_KEY = 'command-center:feedback-row';
const BATCH_ROWS = 500;
/** A review follows what it reviews: whoever reads the last result of an incident has the one that stands. */
const CODED: ReadonlySet<string> = new Set(['resulted', 'closed', 'result_reviewed']);

/**
 * Follows the ledger's feed and writes every coded result to the topic `feedback`. The position is kept after the messages
 * are durable, and the id is made of the feed row: a crash in between repeats a message with the same id.
 */
export class FeedbackFollower {
  readonly #deps: { readonly ledger: Ledger; readonly store: Pick<Store, 'get' | 'set'>; readonly log: Log; readonly telemetry: Telemetry };
  #running: Promise<void> | undefined;
  #again = false;
  #failed = false;

  constructor(deps: {
    readonly ledger: Ledger;
    readonly store: Pick<Store, 'get' | 'set'>;
    readonly log: Log;
    readonly telemetry: Telemetry;
  }) {
    this.#deps = deps;
  }

  /** The feed may have grown. At most one pass runs at a time. */
  wake(): void {
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    this.#running = this.#pass()
      .then(() => {
        this.#failed = false;
      })
      .catch((error: unknown) => {
        if (!this.#failed) this.#deps.telemetry.log(logEvents).FeedbackDelayed({}, error);
        this.#failed = true;
      })
      .finally(() => {
        this.#running = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.wake();
      });
  }

  /** Tries again what failed before; nothing otherwise. Call it every second or so. */
  retry(): void {
    if (this.#failed) this.wake();
  }

  /** Waits for the pass under way. */
  async drain(): Promise<void> {
    this.#again = false;
    await this.#running;
  }

  async #pass(): Promise<void> {
    const { ledger, store, log, telemetry } = this.#deps;
    let row = Number((await store.get(POSITION_KEY)) ?? 0);
    // A ledger that is younger than the position was made anew.
    if (row > (await feedSeq(ledger))) row = 0;
    for (;;) {
      const rows = await readFeed(ledger, row, BATCH_ROWS);
      const last = rows.at(-1);
      if (last === undefined) return;
      const results = (await Promise.all(rows.map((entry) => this.#resultOf(entry)))).flatMap((result) => result ?? []);
      if (results.length > 0) {
        const producer = log.producer();
        try {
          await producer.send(
            TOPICS.feedback.name,
            results.map((result) => ({ key: result.person, value: JSON.stringify(result) })),
          );
        } finally {
          await producer.close();
        }
        telemetry.metrics(metricEntries).feedback.add(results.length);
        telemetry.log(logEvents).FeedbackSent({ results: results.length });
      }
      row = last.seq;
      await store.set(POSITION_KEY, String(row));
    }
  }

  async #resultOf(row: FeedRow): Promise<Feedback | undefined> {
    if (row.type !== 'action' || !CODED.has(row.action.kind)) return undefined;
    const { result, falseAlarmCause } = row.action.facts;
    const incident = await getIncident(this.#deps.ledger, row.incidentId);
    return feedback.parse({
      id: `${row.incidentId}:${row.seq}`,
      incidentId: row.incidentId,
      person: incident.person,
      result,
      falseAlarmCause: falseAlarmCause ?? null,
      scam: incident.scam,
      level: incident.level,
      atMs: row.action.atMs,
    });
  }
}
