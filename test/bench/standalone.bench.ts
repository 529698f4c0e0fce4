import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts, startCounty, temporaryFolder, type RunningCountyProcess } from '../lib/county.ts';
import { partnerBank } from '../lib/partner-bank.ts';
import { parsesPerSecond } from './parse-only.ts';
import { countOf, counter, histogram, quantile, since, type Buckets } from './prometheus.ts';
import { percentile, timeRow, type Benchmark, type Row } from './row.ts';

const SEED = 17;
/** A short run takes a small county. */
const [RESIDENTS, RESIDENTS_SHORT] = [5_000, 400];
/** County time per wall time: an ordinary afternoon watched quickly, and as many records as the county can bring forth. */
const [CALM_SPEED, BUSY_SPEED] = [30, 600];
/** Programs are compiled and the backlog of the start is read before anything is measured, wall ms. */
const WARM_MS = 5_000;
const ALERTS_MIN = 100;
const ALERT_MS = 'dispatcher_record_to_alert_ms';
/** Questions a second; the aim is stated at 500, which this machine's share for us does not carry yet. */
const ASKED_PER_SECOND = 100;

export const standalone: Benchmark = {
  name: 'standalone',
  needs: [],
  says: 'the whole product in one process over HTTP: alert, hold decision, and back after kill −9',
  async run({ seconds }): Promise<readonly Row[]> {
    const parses = parsesPerSecond();
    const folder = temporaryFolder('bench');
    const port = await freePorts();
    const rows: Row[] = [];
    const residents = seconds < 1 ? RESIDENTS_SHORT : RESIDENTS;
    const args = ['--residents', String(residents), '--seed', String(SEED)];
    const startAt = (speed: number): Promise<RunningCountyProcess> =>
      startCounty({ folder: folder.path, port, args: [...args, '--speed', String(speed)] });
    const metrics = async (): Promise<string> => await (await fetch(`${county.console}/metrics`)).text();
    /** Alerts of the next seconds. What was taken before a kill waited for the restart: that is recovery, not latency. */
    const alerts = async (): Promise<void> => {
      await sleep(Math.min(WARM_MS, seconds * 1_000));
      const [before, startedMs] = [await metrics(), performance.now()];
      let after = before;
      const seen = (): Buckets => since(histogram(before, ALERT_MS), histogram(after, ALERT_MS));
      do {
        await sleep(seconds * 500);
        after = await metrics();
        // A quiet county has too few alerts for a percentile in the time that was asked for.
      } while (
        performance.now() - startedMs < seconds * 1_000 ||
        (countOf(seen()) < ALERTS_MIN && performance.now() - startedMs < seconds * 8_000)
      );
      const rate =
        (counter(after, 'ingest_records_total') - counter(before, 'ingest_records_total')) / ((performance.now() - startedMs) / 1_000);
      const how = `at ${rate.toFixed(0)} records/s, ${countOf(seen())} alerts`;
      // Nothing observed is not a latency of nothing.
      if (countOf(seen()) === 0) return;
      rows.push(
        timeRow(`standalone: record in to alert in the ledger, p50 ${how}`, quantile(seen(), 0.5), 'ms', 50, parses),
        timeRow(`standalone: record in to alert in the ledger, p99 ${how}`, quantile(seen(), 0.99), 'ms', 250, parses),
      );
    };
    // The first start decides how far apart scams are in county time; at 30 times its speed they come every two seconds.
    let county = await startAt(1);
    try {
      await county.kill();
      const again = performance.now();
      county = await startAt(CALM_SPEED);
      rows.push(
        timeRow(`standalone: kill −9 to processing again, ${residents} residents`, performance.now() - again, 'ms', 10_000, parses),
      );
      await alerts();

      const bank = await partnerBank({ folder: folder.path, base: county.bank, seed: SEED, residents });
      const tookMs: number[] = [];
      let fallbacks = 0;
      const ask = async (number: number): Promise<void> => {
        const askedMs = performance.now();
        const reply = await fetch(`${county.bank}/v1/holds`, {
          method: 'POST',
          headers: bank.headers(),
          body: JSON.stringify({
            requestId: `bench-${String(number).padStart(8, '0')}`,
            txid: `t${number}`,
            payerAccount: bank.accounts[number % bank.accounts.length],
            payeeAccount: bank.accounts[(number * 7 + 1) % bank.accounts.length],
            amountFen: 100_000 + number,
            channel: 'mobile',
            initiatedMs: 1_789_545_600_000,
          }),
        });
        const { decidedBy } = (await reply.json()) as { decidedBy?: string };
        tookMs.push(performance.now() - askedMs);
        if (decidedBy !== 'engine') fallbacks++;
      };
      const asking: Promise<void>[] = [];
      const fromMs = performance.now();
      const questions = Math.max(10, Math.round(seconds * ASKED_PER_SECOND));
      for (let number = 0; number < questions; number++) {
        await sleep(Math.max(0, fromMs + (number * 1000) / ASKED_PER_SECOND - performance.now()));
        asking.push(ask(number));
      }
      await Promise.all(asking);
      rows.push(
        timeRow(`hold decision over HTTP, p50 at ${ASKED_PER_SECOND}/s`, percentile(tookMs, 0.5), 'ms', 3, parses),
        timeRow(`hold decision over HTTP, p99 at ${ASKED_PER_SECOND}/s`, percentile(tookMs, 0.99), 'ms', 15, parses),
        {
          name: 'hold decision: share that fell back to the bank’s rules',
          value: fallbacks / questions,
          unit: '',
          ratio: null,
          aim: 0,
          less: true,
        },
      );
      if (seconds >= 1) {
        await county.stop();
        county = await startAt(BUSY_SPEED);
        await alerts();
      }
      return rows;
    } finally {
      await county.kill();
      folder.remove();
    }
  },
};
