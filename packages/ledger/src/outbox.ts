import type { Queries } from './database.ts';
import { fromRow, insertRow } from './rows.ts';

/** Something to be pushed to people. The payload carries no name and no number: it may pass a browser vendor's servers. */
export interface Push {
  readonly title: string;
  readonly body: string;
  readonly incidentId: string;
  readonly taskId: string | null;
  readonly level: string;
}
export interface OutboxRow {
  readonly id: number;
  /** Same as the push's topic on the terminal: a second arrival replaces the first and is not shown twice. */
  readonly dedupe: string;
  readonly channel: 'push';
  /** `unit:<code>` or `role:<role>`. */
  readonly target: string;
  readonly payload: Push;
  readonly attempts: number;
}

/** Queues a push once: the same dedupe id again changes nothing. */
export async function queuePush(tx: Queries, push: { dedupe: string; target: string; payload: Push; nowMs: number }): Promise<boolean> {
  return insertRow(
    tx,
    'outbox',
    { dedupe: push.dedupe, channel: 'push', target: push.target, payload: push.payload, createdMs: push.nowMs },
    'on conflict (dedupe) do nothing',
  );
}

/** Takes waiting pushes for `leaseMs` of wall time: another worker, or this one after a crash, sees them again after it. */
export async function takeOutbox(queries: Queries, wallNowMs: number, leaseMs: number, limit = 50): Promise<readonly OutboxRow[]> {
  const rows = await queries.query(
    `update outbox set next_try_ms = $1::bigint + $2::bigint, attempts = attempts + 1
     where id in (select id from outbox where sent_ms is null and failed is null and next_try_ms <= $1 order by id limit $3 for update skip locked)
     returning id, dedupe, channel, target, payload, attempts`,
    [wallNowMs, leaseMs, limit],
  );
  return rows.map((row) => fromRow<OutboxRow>(row)).toSorted((a, b) => a.id - b.id);
}

export async function markSent(queries: Queries, id: number, wallNowMs: number): Promise<void> {
  await queries.query('update outbox set sent_ms = $2 where id = $1', [id, wallNowMs]);
}

/** Not delivered: again at `nextTryMs`, or never when null. */
export async function markFailed(queries: Queries, id: number, reason: string, nextTryMs: number | null): Promise<void> {
  await queries.query(
    'update outbox set next_try_ms = coalesce($3, next_try_ms), failed = case when $3::bigint is null then $2 else null end where id = $1',
    [id, reason.slice(0, 200), nextTryMs],
  );
}

export async function pruneOutbox(queries: Queries, wallBeforeMs: number): Promise<void> {
  await queries.query('delete from outbox where id in (select id from outbox where sent_ms < $1 limit 5000)', [wallBeforeMs]);
}

export interface PushSubscriptionRow {
  readonly endpoint: string;
  readonly account: string;
  readonly unit: string | null;
  readonly role: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** A terminal's subscription at its browser's push service. The latest sign-in on a terminal owns it. */
export async function putSubscription(queries: Queries, row: PushSubscriptionRow & { readonly createdMs: number }): Promise<void> {
  await insertRow(
    queries,
    'push_subscriptions',
    row,
    'on conflict (endpoint) do update set account = excluded.account, unit = excluded.unit, role = excluded.role, keys = excluded.keys',
  );
}

export async function dropSubscription(queries: Queries, endpoint: string): Promise<void> {
  await queries.query('delete from push_subscriptions where endpoint = $1', [endpoint]);
}

/** Terminals that a target means. */
export async function subscriptionsFor(queries: Queries, target: string, limit = 100): Promise<readonly PushSubscriptionRow[]> {
  const [kind = '', value = ''] = target.split(/:(.*)/s);
  const rows = await queries.query(
    `select endpoint, account, unit, role, keys from push_subscriptions where ${kind === 'unit' ? 'unit' : 'role'} = $1 limit $2`,
    [value, limit],
  );
  return rows.map((row) => fromRow<PushSubscriptionRow>(row));
}
