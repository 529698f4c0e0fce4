import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openLedger, startEmbeddedPostgres, type EmbeddedPostgres, type Ledger } from '../index.ts';

export interface TestLedger {
  readonly server: EmbeddedPostgres;
  readonly ledger: Ledger;
  readonly folder: string;
  end(): Promise<void>;
}

/** A real server in a folder of its own, gone afterwards. */
export async function testLedger(): Promise<TestLedger> {
  const folder = await mkdtemp(join(tmpdir(), 'skyeye-ledger-'));
  const server = await startEmbeddedPostgres({ folder });
  await migrate({ url: server.ledgerUrl });
  const ledger = openLedger({ url: server.ledgerUrl });
  return {
    server,
    ledger,
    folder,
    async end() {
      await ledger.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** 2026-09-16 10:00 in Shanghai: teams are on shift. */
export const T0 = Date.UTC(2026, 8, 16, 2, 0, 0);
