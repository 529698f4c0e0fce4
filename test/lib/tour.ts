import type { Hold, Incident, IncidentDetail, IncidentList } from '@skyeye/contracts';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ROOT, signIn, until, type Caller } from './county.ts';

const CHROMIUM = process.env['SKYEYE_CHROMIUM'] ?? '/usr/bin/chromium';
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
/** How long the county may take to bring forth what the tour looks at, wall ms. */
const INCIDENT_MS = 240_000;
/** Dense scams at this speed: the first one is on the screen within half a minute, its money moment a minute after the start, then one a minute. */
export const TOUR_COUNTY = { seed: 1, residents: 600, speed: 20 } as const;
/** Account of the team whose tasks are left to a person. */
const OFFICER = 'team-rt01';
/** How long a start may take, wall ms. */
const START_MS = 200_000;
const CALLS: readonly string[] = ['call', 'callsig'];

/** What the tour looks at: a running installation whose county is TOUR_COUNTY. */
export interface Toured {
  /** Base addresses of the three services. */
  readonly console: string;
  readonly field: string;
  /** Password of a demonstration account. */
  password(account: string): string;
}

export interface TourOptions {
  /** What the tour is taken on, as the heading of its tests. */
  readonly name: string;
  /** Folder below artefacts/ for a picture of every screen. */
  readonly pictures: string;
  /** Called once before the first step; the caller ends what runs, after the tour. */
  readonly open: () => Promise<Toured>;
}

/** Registers the tour of the README as tests: Chromium on desk and phone, the same steps whatever the installation runs on. */
export function tour({ name, pictures, open }: TourOptions): void {
  describe(name, () => {
    const folder = join(ROOT, 'artefacts', pictures);
    let county: Toured;
    let browser: Browser;
    let desk: Page;
    let analyst: Caller;
    const complaints: string[] = [];
    /** Its transfer is held by the bank; it is dispatched and reported. */
    let svc: Incident;

    beforeAll(async () => {
      for (const app of ['command-center', 'field']) {
        if (!existsSync(join(ROOT, 'services', app, 'web/dist/index.html')))
          throw new Error(`services/${app}/web has not been built; npm test and npm start build it`);
      }
      mkdirSync(folder, { recursive: true });
      county = await open();
      browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
      });
    }, START_MS);

    afterAll(() => browser?.close());

    // One tour: after a broken step the next ones have nothing to look at.
    let broken = false;
    beforeEach((context) => {
      if (broken) context.skip('an earlier step of the tour failed');
    });
    afterEach(({ task }) => {
      broken ||= task.result?.state === 'fail';
    });

    async function visit(base: string, size: { width: number; height: number }): Promise<Page> {
      const context: BrowserContext = await browser.newContext({
        viewport: size,
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        reducedMotion: 'reduce',
        permissions: [],
        ...(size === PHONE ? { deviceScaleFactor: 2, hasTouch: true, isMobile: true } : {}),
      });
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('Failed to load resource')) complaints.push(message.text());
      });
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(base) && !/^(data|blob):/.test(url)) complaints.push(`asked ${url}`);
      });
      await page.goto(base);
      return page;
    }

    async function picture(page: Page, shot: string): Promise<void> {
      // The page's own policy forbids evaluation inside it, which waitForFunction would need.
      await until(
        `the images of ${shot}`,
        10_000,
        async () => ((await page.evaluate('[...document.images].every((image) => image.complete)')) === true ? true : undefined),
        50,
      );
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(folder, `${shot}.png`) });
      const tooWide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(tooWide, `${shot} is wider than its window`).toBeLessThanOrEqual(0);
    }

    async function signInOn(page: Page, account: string): Promise<void> {
      await page.getByLabel('账号').fill(account);
      await page.getByLabel('密码').fill(county.password(account));
      await page.getByRole('button', { name: '登录' }).click();
    }

    const detailOf = (id: string): Promise<IncidentDetail> => analyst.get(`/api/incidents/${id}`);

    const rowsOf = async (): Promise<readonly Incident[]> => (await analyst.get<IncidentList>('/api/incidents')).incidents;
    const isCalled = (row: Incident): boolean => row.sources.some((stream) => CALLS.includes(stream));

    /** The first incident of this kind whose payment a bank keeps back, or kept back before its teller ended the hold. */
    async function heldOf(scam: Incident['scam']): Promise<readonly [Incident, Hold] | undefined> {
      for (const row of await rowsOf()) {
        if (row.scam !== scam || row.hold === null) continue;
        const hold = (await detailOf(row.id)).holds.find(({ outcome }) => outcome === 'hold' || outcome === 'fuse');
        if (hold !== undefined) return [row, hold];
      }
      return undefined;
    }

    async function openIncident(id: string): Promise<Locator> {
      await desk.goto(`${county.console}/#/incidents/${id}`);
      const axis = desk.getByRole('region', { name: '时间轴' });
      await axis.waitFor();
      return axis;
    }

    test('an analyst signs in with the password that the start printed', async () => {
      desk = await visit(county.console, DESK);
      await picture(desk, 'desk-sign-in-zh');
      await signInOn(desk, 'analyst');
      await desk.getByRole('table', { name: '预警队列' }).or(desk.getByText('当前没有未结预警')).first().waitFor();
      analyst = await signIn(county.console, 'analyst', county.password('analyst'));
    });

    test('a fake police incident arrives by itself, and the analyst signs for it', { timeout: INCIDENT_MS + 60_000 }, async () => {
      const { id } = await until('an unsigned gov incident with a call', INCIDENT_MS, async () =>
        (await rowsOf()).find((row) => row.scam === 'gov' && row.signedMs === null && isCalled(row)),
      );
      await openIncident(id);
      await desk.getByText('冒充公检法').first().waitFor();
      await desk.getByRole('region', { name: '现在做' }).getByRole('button', { name: /签收/ }).click();
      const signed = await until('the signature', 15_000, async () => {
        const detail = await detailOf(id);
        return detail.signedMs === null ? undefined : detail;
      });
      expect(signed.signedBy).toBe('analyst');
      await picture(desk, 'desk-incident-signed-zh');
    });

    test('a fake customer service incident shows calls and the shared screen on one axis', { timeout: INCIDENT_MS + 60_000 }, async () => {
      const { id } = await until('an svc incident with a call and a shared screen', INCIDENT_MS, async () =>
        (await rowsOf()).find(
          (row) => row.scam === 'svc' && ['P1', 'P2'].includes(row.level) && row.sources.includes('rctl') && isCalled(row),
        ),
      );
      await desk.goto(`${county.console}/#/`);
      await desk.getByRole('row').filter({ hasText: '冒充客服' }).first().waitFor();
      await picture(desk, 'desk-queue-zh');
      await desk.getByRole('button', { name: 'English' }).click();
      await desk.getByRole('row').filter({ hasText: 'Fake customer service' }).first().waitFor();
      await picture(desk, 'desk-queue-en');
      await desk.getByRole('button', { name: '中文' }).click();
      const axis = await openIncident(id);
      await desk.getByText('冒充客服').first().waitFor();
      await picture(desk, 'desk-incident-svc-zh');
      await axis.getByRole('button', { name: '表格查看' }).click();
      await axis.getByRole('row').filter({ hasText: '通话' }).first().waitFor();
      await axis.getByRole('row').filter({ hasText: '屏幕共享' }).first().waitFor();
      await picture(desk, 'desk-incident-svc-table-zh');
      await axis.getByRole('button', { name: '图形查看' }).click();
    });

    test(
      "the victim's bank asks before it pays, holds the transfer, and the page shows it",
      { timeout: INCIDENT_MS + 60_000 },
      async () => {
        const [row, hold] = await until('an svc transfer held at a bank', INCIDENT_MS, () => heldOf('svc'));
        svc = row;
        expect(hold.person).toBe(svc.subject.person);
        expect(hold.reasonCode).toMatch(/^[37]\d{3}$/);
        expect(hold.expiresMs).toBeGreaterThan(hold.createdMs);
        const axis = await openIncident(svc.id);
        await desk
          .getByRole('region', { name: '银行回执' })
          .getByText(/熔断|暂缓/)
          .first()
          .waitFor();
        await picture(desk, 'desk-incident-held-zh');
        await axis.getByRole('button', { name: '表格查看' }).click();
        await axis
          .getByRole('row')
          .filter({ hasText: /银行(熔断|暂缓)/ })
          .first()
          .waitFor();
        await picture(desk, 'desk-incident-held-table-zh');
        await axis.getByRole('button', { name: '图形查看' }).click();
        await desk.getByRole('button', { name: 'English' }).click();
        await desk.getByRole('button', { name: '中文' }).waitFor();
        await picture(desk, 'desk-incident-held-en');
        await desk.getByRole('button', { name: '中文' }).click();
      },
    );

    test('the analyst dispatches the team that is left to a person', async () => {
      await desk.getByRole('button', { name: /派警/ }).first().click();
      const dialog = desk.getByRole('dialog');
      const team = dialog.getByRole('row').filter({ hasText: '红袖标一队' });
      await team.waitFor();
      await picture(desk, 'desk-dispatch-zh');
      await team.getByRole('button', { name: '派出' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await until('the task of the team', 10_000, async () =>
        (await detailOf(svc.id)).tasks.find(({ unit, state }) => unit === 'RT01' && state === 'sent'),
      );
    });

    test('on the phone the team accepts, arrives, meets and reports, and the console shows it', { timeout: 120_000 }, async () => {
      const phone = await visit(county.field, PHONE);
      await picture(phone, 'phone-sign-in-zh');
      await signInOn(phone, OFFICER);
      await phone.getByRole('link').filter({ hasText: '待接单' }).first().waitFor();
      await picture(phone, 'phone-list-zh');
      const task = (await detailOf(svc.id)).tasks.find(({ unit }) => unit === 'RT01');
      await phone.goto(`${county.field}/#/${encodeURIComponent(task?.id ?? '')}`);
      await phone.getByRole('button', { name: /接单/ }).waitFor();
      await picture(phone, 'phone-task-sent-zh');
      await phone.getByRole('button', { name: /接单/ }).click();
      await phone.getByRole('button', { name: /到达/ }).waitFor();
      await picture(phone, 'phone-task-accepted-zh');
      await phone.getByRole('button', { name: /到达/ }).click();
      await phone.getByRole('button', { name: /✓ *到达/ }).waitFor();
      await picture(phone, 'phone-task-arrived-zh');
      await phone.getByRole('button', { name: /已见面/ }).click();
      await phone.getByRole('link', { name: /填写反馈/ }).click();
      await phone.getByRole('radio', { name: '成功劝阻,未转账' }).check();
      await phone.getByRole('group', { name: '见到了谁' }).getByRole('radio', { name: '本人' }).check();
      await phone.getByRole('group', { name: '见面方式' }).getByRole('radio', { name: '当面' }).check();
      await phone.getByRole('group', { name: '是否已转账' }).getByRole('radio', { name: '否', exact: true }).check();
      await picture(phone, 'phone-report-zh');
      await phone.getByRole('button', { name: '提交反馈' }).click();
      await phone.getByText('✓ 已反馈').waitFor();
      await picture(phone, 'phone-task-reported-zh');
      await phone.goto(`${county.field}/#/`);
      await phone.getByRole('button', { name: 'English' }).click();
      await picture(phone, 'phone-list-en');
      const done = await until('the report in the ledger', 10_000, async () =>
        (await detailOf(svc.id)).tasks.find(({ unit, state }) => unit === 'RT01' && state === 'resulted'),
      );
      expect([done.acceptedMs, done.arrivedMs, done.metMs, done.resultedMs].every((at) => at !== null)).toBe(true);
      const tracks = desk.getByRole('region', { name: '三级联动' });
      await tracks.locator('.track').filter({ hasText: '红袖标一队' }).filter({ hasText: '已反馈' }).first().waitFor();
      await picture(desk, 'desk-incident-reported-zh');
      await phone.context().close();
    });

    // The fake police talk for most of an hour before money is asked for: whichever is sooner, the bank's hold or the visit.
    test(
      'whom the fake police have on the line is stopped at the bank or at the door, and has lost nothing',
      { timeout: INCIDENT_MS + 60_000 },
      async () => {
        const stopped = await until('a gov victim held at a bank or met', INCIDENT_MS, async () =>
          (await rowsOf()).find(
            ({ scam, hold, state, lostFen }) =>
              scam === 'gov' && lostFen === 0 && (hold !== null || state === 'MET' || state === 'RESULTED'),
          ),
        );
        await openIncident(stopped.id);
        const proof =
          stopped.hold === null
            ? desk.getByRole('region', { name: '三级联动' }).getByText(/已见面|已反馈/)
            : desk.getByRole('region', { name: '银行回执' }).getByText(/熔断|暂缓|延时到账/);
        await proof.first().waitFor();
        await picture(desk, 'desk-incident-gov-zh');
      },
    );

    test('map, sources and the wall show the county, and nothing was said in red', { timeout: 60_000 }, async () => {
      for (const [path, screen] of [
        ['/map', 'map'],
        ['/sources', 'sources'],
        ['/wall', 'wall'],
      ] as const) {
        await desk.goto(`${county.console}/#${path}`);
        await desk.waitForTimeout(1_500);
        await picture(desk, `desk-${screen}-zh`);
      }
      const auditor = await visit(county.console, DESK);
      await signInOn(auditor, 'auditor');
      await auditor.goto(`${county.console}/#/audit`);
      await auditor.getByText('链条完整').waitFor();
      await picture(auditor, 'desk-audit-zh');
      expect(complaints).toEqual([]);
    });
  });
}
