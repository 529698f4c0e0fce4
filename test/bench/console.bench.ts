import { chromiumPath } from '@skyeye/testkit';
import { chromium } from 'playwright-core';
import { freePorts, startCounty, temporaryFolder, until, signIn } from '../lib/county.ts';
import { parsesPerSecond } from './parse-only.ts';
import { percentile, timeRow, type Benchmark, type Row } from './row.ts';

const COUNTY = ['--residents', '400', '--seed', '17', '--speed', '30'];
const VIEW_MS_MAX = 30_000;
/** Signed-in visits, each of a browser that has nothing of ours in its cache. */
const VISITS_PER_SECOND = 2;

export const console: Benchmark = {
  name: 'console',
  says: 'the console in Chromium: from the address to a list of incidents that can be worked with, nothing cached',
  needs: ['chromium'],
  async run({ seconds }): Promise<readonly Row[]> {
    const parses = parsesPerSecond();
    const folder = temporaryFolder('bench-console');
    const county = await startCounty({ folder: folder.path, port: await freePorts(), args: COUNTY });
    const browser = await chromium.launch({
      executablePath: chromiumPath() ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
    try {
      const password = county.password('analyst');
      const analyst = await signIn(county.console, 'analyst', password);
      await until('an incident', 180_000, async () =>
        (await analyst.get<{ incidents: readonly unknown[] }>('/api/incidents')).incidents.length > 0 ? true : undefined,
      );
      const tookMs: number[] = [];
      for (let visit = 0; visit < Math.max(1, Math.round(seconds * VISITS_PER_SECOND)); visit++) {
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', reducedMotion: 'reduce' });
        context.setDefaultTimeout(VIEW_MS_MAX);
        const signedIn = await context.request.post(`${county.console}/api/session`, {
          data: { account: 'analyst', password },
          headers: { origin: county.console },
        });
        if (!signedIn.ok()) throw new Error(`sign-in: ${signedIn.status()}`);
        const page = await context.newPage();
        const startedMs = performance.now();
        await page.goto(county.console, { waitUntil: 'commit' });
        // The head of the table is a row too; the second one is an incident.
        await page.getByRole('table', { name: '预警队列' }).getByRole('row').nth(1).waitFor();
        tookMs.push(performance.now() - startedMs);
        await context.close();
      }
      return [
        timeRow('console: first usable view, half of the visits', percentile(tookMs, 0.5), 'ms', 1_500, parses),
        timeRow('console: first usable view, slowest visit', Math.max(...tookMs), 'ms', 1_500, parses),
      ];
    } finally {
      await browser.close();
      await county.kill();
      folder.remove();
    }
  },
};
