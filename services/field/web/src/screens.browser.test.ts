import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faintTexts } from '../dev/faint-texts.ts';
import { startFixture, type Fixture, type Scene } from '../dev/fixture-server.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PICTURES = fileURLToPath(new URL('../../../../artefacts/screens', import.meta.url));
const PHONE = { width: 390, height: 844 };
const CHROMIUM = process.env['SKYEYE_CHROMIUM'] ?? '/usr/bin/chromium';

let fixture: Fixture;
let browser: Browser;

beforeAll(async () => {
  const dist = join(tmpdir(), `skyeye-field-${process.pid}`);
  await mkdir(PICTURES, { recursive: true });
  // What is looked at is what is shipped; the test runner's own environment would build for development.
  vi.stubEnv('NODE_ENV', 'production');
  await build({ root: ROOT, logLevel: 'error', build: { outDir: dist, emptyOutDir: true } });
  vi.unstubAllEnvs();
  fixture = await startFixture({ dist });
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await fixture?.close();
});

interface Opened {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];
}

async function open(
  path = '',
  options: { readonly language?: 'zh' | 'en'; readonly size?: { width: number; height: number } } = {},
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: options.size ?? PHONE,
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
    locale: 'zh-CN',
    reducedMotion: 'reduce',
    geolocation: { longitude: 116.226, latitude: 36.864 },
    permissions: ['geolocation'],
  });
  await context.addInitScript(`localStorage.setItem('skyeye.field.language', '${options.language ?? 'zh'}')`);
  context.setDefaultTimeout(8_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|net::ERR/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(fixture.url)) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(`${fixture.url}#/${path}`);
  return { context, page, complaints };
}

/** Letters are there, whatever moved has come to rest (a skeleton never does), and what came last is drawn. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const moving = document
      .getAnimations()
      .filter(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    return document.fonts.status === 'loaded' && moving.length === 0;
  });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

async function picture(page: Page, name: string): Promise<void> {
  await settled(page);
  await page.screenshot({ path: join(PICTURES, `field-${name}.png`) });
}

async function wellMade({ context, page, complaints }: Opened): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(faintTexts)).toEqual([]);
  await context.close();
}

const SCREENS: readonly {
  readonly name: string;
  readonly scene: Scene;
  readonly path?: string;
  readonly waitFor: string;
  readonly size?: { width: number; height: number };
}[] = [
  { name: 'list', scene: 'officer', waitFor: '.card.task' },
  { name: 'list-empty', scene: 'empty', waitFor: '.notice strong' },
  { name: 'list-loading', scene: 'loading', waitFor: '.spin' },
  { name: 'list-failing', scene: 'failing', waitFor: '.notice .button' },
  { name: 'forbidden', scene: 'analyst', waitFor: '.notice' },
  { name: 'task', scene: 'officer', path: 't1', waitFor: '.thumbs' },
  { name: 'task-long', scene: 'long', path: 't9', waitFor: '.thumbs', size: { width: 360, height: 740 } },
  { name: 'report', scene: 'officer', path: 't2/report', waitFor: '.submit' },
  { name: 'grid-list', scene: 'grid', waitFor: '.card.task' },
  { name: 'grid-task', scene: 'grid', path: 'g1', waitFor: '.thumbs' },
  { name: 'desk', scene: 'officer', path: 't1', waitFor: '.thumbs', size: { width: 1440, height: 900 } },
];

for (const language of ['zh', 'en'] as const)
  for (const screen of SCREENS)
    test(`${screen.name} in ${language} fits the phone, asks nobody else and says nothing in red`, async () => {
      fixture.show(screen.scene);
      const opened = await open(screen.path ?? '', { language, ...(screen.size === undefined ? {} : { size: screen.size }) });
      await opened.page.waitForSelector(screen.waitFor);
      await picture(opened.page, `${screen.name}-${language}`);
      await wellMade(opened);
    });

test('signing in shows the tasks, signing out takes names off the phone', async () => {
  fixture.show('officer');
  const opened = await open();
  const { page } = opened;
  await page.getByRole('button', { name: '退出' }).click();
  await page.getByLabel('账号').fill('officer-01');
  await page.getByLabel('密码').fill('demo');
  await picture(page, 'signin-zh');
  const kept = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('skyeye-field');
        opening.onsuccess = () => {
          const counting = opening.result.transaction('snapshot').objectStore('snapshot').count();
          counting.onsuccess = () => resolve(counting.result);
        };
      }),
  );
  expect(kept).toBe(0);
  await page.getByRole('button', { name: '登录' }).click();
  await page.waitForSelector('.card.task');
  await wellMade(opened);
});

test('a visit from accepting to the report', async () => {
  fixture.show('officer');
  const opened = await open('t1');
  const { page } = opened;
  await page.getByRole('button', { name: '接单' }).click();
  await page.locator('.page').getByText('王玉兰').waitFor();
  await page.getByText(/导航 1\.9 公里|导航 1\.\d 公里/).waitFor();
  await picture(page, 'task-accepted-zh');
  await page.getByRole('button', { name: '到达' }).click();
  await page.getByRole('button', { name: '✓ 到达' }).waitFor();
  await page.getByRole('button', { name: '请求止付' }).click();
  await page.getByText('由值班长审批').waitFor();
  await picture(page, 'stop-zh');
  await page.getByRole('button', { name: '发出请求' }).click();
  await page.getByRole('button', { name: '已见面' }).click();
  await page.getByRole('link', { name: '填写反馈' }).click();
  expect(await page.getByRole('button', { name: '提交反馈' }).isDisabled()).toBe(true);
  await page.getByText('成功劝阻,未转账').click();
  await page.getByText('本人', { exact: true }).click();
  await page.getByText('当面', { exact: true }).click();
  await page.getByText('否', { exact: true }).click();
  await picture(page, 'report-filled-zh');
  await page.getByRole('button', { name: '提交反馈' }).click();
  await page.locator('.page').getByText('✓ 已反馈').waitFor();
  await expect.poll(() => fixture.counted).toEqual(['t1 accept', 't1 arrive', 't1 request-stop', 't1 meet', 't1 report']);
  await wellMade(opened);
});

test('what was done without network is shown, kept over a restart of the app, and sent once when the network is back', async () => {
  fixture.show('officer');
  const opened = await open('t1');
  const { page, context } = opened;
  await page.getByRole('button', { name: '接单' }).click();
  await page.locator('.page').getByText('王玉兰').waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await page.getByRole('button', { name: '到达' }).click();
  await page.getByRole('button', { name: '已见面' }).click();
  await page.locator('.page').getByText('离线中 · 2 条待发送,联网后自动补发').waitFor();
  await picture(page, 'offline-zh');
  await page.reload();
  await page.locator('.page').getByText('离线中 · 2 条待发送,联网后自动补发').waitFor();
  await page.locator('.page').getByText('王玉兰').waitFor();
  expect(fixture.counted).toEqual(['t1 accept']);
  await context.setOffline(false);
  await expect.poll(() => [...fixture.counted], { timeout: 15_000 }).toEqual(['t1 accept', 't1 arrive', 't1 meet']);
  await page.locator('.page').getByText('离线中').waitFor({ state: 'detached' });
  await wellMade(opened);
}, 60_000);

test('an answer that was lost on the way is asked for again and counts once', async () => {
  fixture.show('officer');
  const opened = await open('t1');
  fixture.loseAnswers(2);
  await opened.page.getByRole('button', { name: '接单' }).click();
  await expect.poll(() => fixture.received.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
  expect(fixture.counted).toEqual(['t1 accept']);
  await wellMade(opened);
});

test('a new task appears by itself, and every button is large enough for a thumb', async () => {
  fixture.show('officer');
  const opened = await open();
  const { page } = opened;
  // The terminal opens its line before it asks for the list: whoever has tasks is listening.
  await page.waitForSelector('.card.task');
  fixture.send();
  await page.getByText('孙*华').waitFor();
  await page.locator('.list').getByText('孙*华').click();
  await page.waitForSelector('.thumbs');
  const low = await page
    .locator('.thumb, .button')
    .evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 44).length);
  expect(low).toBe(0);
  await wellMade(opened);
});

test('a grid worker sees neither phone nor reason and no button about money', async () => {
  fixture.show('grid');
  const opened = await open('g1');
  const { page } = opened;
  await page.getByRole('button', { name: '接单' }).click();
  await page.getByRole('button', { name: '到达' }).waitFor();
  expect(await page.getByText('请求止付').count()).toBe(0);
  expect(await page.locator('a[href^="tel:"]').count()).toBe(0);
  expect(await page.getByText('为什么').count()).toBe(0);
  await picture(page, 'grid-accepted-zh');
  await wellMade(opened);
});
