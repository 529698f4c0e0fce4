import { afterAll, beforeAll, expect, test } from 'vitest';
import { feedSeq, listAudit, migrate, openLedger, readFeed, verifyAudit } from './index.ts';
import { testLedger, T0, type TestLedger } from './testing/ledger.ts';

let it: TestLedger;
beforeAll(async () => void (it = await testLedger()));
afterAll(() => it.end());

const note = (n: number) => ({ incidentId: `i${n}`, kind: 'note' as const, atMs: T0, by: 'test', says: { zh: String(n), en: String(n) } });

test('the schema goes up, down and up again', async () => {
  const url = await it.server.createDatabase('updown', 'skyeye_updown');
  const up = await migrate({ url });
  expect(up.length).toBeGreaterThanOrEqual(3);
  expect(await migrate({ url })).toEqual([]);
  const down = await migrate({ url, direction: 'down' });
  expect(down.toReversed()).toEqual(up);
  expect(await migrate({ url })).toEqual(up);
});

test('a reader that resumes by sequence misses no row of a slower transaction', async () => {
  const seen: number[] = [];
  let after = await feedSeq(it.ledger);
  let done = false;
  const reader = (async () => {
    while (!done || (await feedSeq(it.ledger)) > after) {
      for (const row of await readFeed(it.ledger, after, 7)) {
        expect(row.seq).toBe(after + 1);
        seen.push(Number(row.incidentId.slice(1)));
        after = row.seq;
      }
    }
  })();
  await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      it.ledger.tx(async (tx) => {
        tx.journal.action(note(n));
        // Without the lock the first of these would get a low number and commit last.
        await tx.query('select pg_sleep($1)', [((40 - n) % 5) / 200]);
      }),
    ),
  );
  done = true;
  await reader;
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
});

test('a transaction that fails leaves no feed row, no audit entry and no gap', async () => {
  const before = await feedSeq(it.ledger);
  await expect(
    it.ledger.tx(async (tx) => {
      tx.journal.action(note(1));
      tx.journal.audit({ atMs: T0, by: 'test', kind: 'tried', subject: 'x' });
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  await it.ledger.tx(async (tx) => tx.journal.action(note(2)));
  expect((await readFeed(it.ledger, before)).map((row) => row.seq)).toEqual([before + 1]);
});

test('a waiting reader is woken by an append', async () => {
  const woken = Promise.withResolvers<void>();
  const stop = await it.ledger.onFeed(() => woken.resolve(), { pollMs: 60_000 });
  await it.ledger.tx(async (tx) => tx.journal.action(note(3)));
  await woken.promise;
  await stop();
});

test('readers in other processes are woken after the commit and only then, and a fan-out that fails costs no commit', async () => {
  const handlers = new Set<() => void>();
  let away = false;
  const fanOut = {
    publish: () => {
      if (away) return Promise.reject(new Error('away'));
      for (const handler of handlers) handler();
      return Promise.resolve();
    },
    subscribe: (_channel: string, handler: (message: string) => void) => {
      const own = (): void => handler('');
      handlers.add(own);
      return Promise.resolve(() => Promise.resolve(void handlers.delete(own)));
    },
  };
  const [writer, reader] = [openLedger({ url: it.server.ledgerUrl, fanOut }), openLedger({ url: it.server.ledgerUrl, fanOut })];
  try {
    let seq = await feedSeq(reader);
    let wakes = 0;
    const woken = Promise.withResolvers<number>();
    const stop = await reader.onFeed(
      () => {
        wakes++;
        void feedSeq(reader).then(woken.resolve, woken.reject);
      },
      { pollMs: 60_000 },
    );
    await writer.tx(async (tx) => tx.journal.audit({ atMs: T0, by: 'test', kind: 'tried', subject: 'x' }));
    await expect(
      writer.tx(async (tx) => {
        tx.journal.action(note(4));
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(wakes).toBe(0);
    await writer.tx(async (tx) => tx.journal.action(note(5)));
    expect(await woken.promise).toBe(++seq);
    away = true;
    await writer.tx(async (tx) => tx.journal.action(note(6)));
    expect([await feedSeq(reader), wakes]).toEqual([++seq, 1]);
    await stop();
    expect(handlers.size).toBe(0);
  } finally {
    await writer.close();
    await reader.close();
  }
});

test('invariant 9: the audit refuses change, and a chain that was tampered with is found broken at the entry', async () => {
  for (let n = 0; n < 6; n++)
    await it.ledger.tx(async (tx) =>
      tx.journal.audit({ atMs: T0 + n, by: 'test', kind: 'did', subject: `s${n}`, facts: { n, b: { z: 1, a: [1, 2] } } }),
    );
  const whole = await verifyAudit(it.ledger);
  expect(whole).toMatchObject({ intact: true, brokenAt: null });
  expect((await listAudit(it.ledger, { limit: 2 })).map((entry) => entry.subject)).toEqual(['s5', 's4']);
  for (const statement of ["update audit set by = 'x'", 'delete from audit', 'truncate audit'])
    await expect(it.ledger.query(statement)).rejects.toMatchObject({ handling: 'crash' });

  const last = whole.entries;
  // As the owner of the table with the triggers off: what an intruder with the database's password could do.
  const forge = async (statement: string): Promise<number | null> => {
    await it.ledger.query('alter table audit disable trigger user');
    await it.ledger.query('create table kept as select * from audit');
    await it.ledger.query(statement);
    const { brokenAt } = await verifyAudit(it.ledger);
    await it.ledger.query('delete from audit');
    await it.ledger.query('insert into audit select * from kept');
    await it.ledger.query('drop table kept');
    await it.ledger.query('alter table audit enable trigger user');
    return brokenAt;
  };
  expect(await forge(`update audit set facts = '{"n":99}' where seq = ${last - 2}`)).toBe(last - 2);
  expect(await forge(`update audit set by = 'someone else' where seq = ${last - 1}`)).toBe(last - 1);
  expect(await forge(`delete from audit where seq = ${last - 3}`)).toBe(last - 3);
  expect(await forge(`delete from audit where seq = ${last}`)).toBe(last);
  expect(await forge('delete from audit')).toBe(1);
  expect((await verifyAudit(it.ledger)).intact).toBe(true);
});

test('concurrent audit entries make one chain', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      it.ledger.tx(async (tx) => tx.journal.audit({ atMs: T0, by: 'test', kind: 'raced', subject: `r${n}` })),
    ),
  );
  expect((await verifyAudit(it.ledger)).intact).toBe(true);
});
