import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faintTexts } from '../dev/faint-texts.ts';
import { startFixture, type Fixture, type Scene } from '../dev/fixture-server.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PICTURES = fileURLToPath(new URL('../../../../artefacts/screens', import.meta.url));
const DESK = { width: 1440, height: 900 };
const CHROMIUM = process.env['SKYEYE_CHROMIUM'] ?? '/usr/bin/chromium';

let fixture: Fixture;
let browser: Browser;

beforeAll(async () => {
  const dist = join(tmpdir(), `skyeye-console-${process.pid}`);
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
  readonly page: Page;
  /** What the console said in red, and what it asked of others than us. */
  readonly complaints: string[];
}

async function open(
  path: string,
  options: { readonly language?: 'zh' | 'en'; readonly size?: { width: number; height: number }; readonly dark?: boolean } = {},
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: options.size ?? DESK,
    locale: 'zh-CN',
    timezoneId: 'America/New_York',
    reducedMotion: 'reduce',
  });
  await context.addInitScript(`localStorage.setItem('skyeye.console.language', '${options.language ?? 'zh'}')`);
  if (options.dark === true) await context.addInitScript(`localStorage.setItem('skyeye.console.theme', 'dark')`);
  context.setDefaultTimeout(6_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(fixture.url) && !request.url().startsWith('data:') && !request.url().startsWith('blob:'))
      complaints.push(`asked ${request.url()}`);
  });
  await page.goto(`${fixture.url}#${path}`);
  return { page, complaints };
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
  await page.screenshot({ path: join(PICTURES, `console-${name}.png`) });
}

async function wellMade({ page, complaints }: Opened): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  expect(await page.evaluate(() => [...document.querySelectorAll('.bar')].some((bar) => bar.scrollWidth > bar.clientWidth))).toBe(false);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(faintTexts)).toEqual([]);
  await page.context().close();
}

/** The map comes in a file of its own, after the rows. */
const MAP = '.map canvas';
const SCREENS: readonly {
  readonly name: string;
  readonly path: string;
  readonly scene?: Scene;
  readonly role?: 'operator' | 'auditor' | 'officer' | 'leader';
  readonly dark?: boolean;
  /** Where English is no wider than Chinese, or nothing but the data differs. */
  readonly only?: 'zh';
  readonly waitFor: string;
  readonly size?: { width: number; height: number };
}[] = [
  { name: 'queue', path: '/', waitFor: `body:has(.row) ${MAP}` },
  { name: 'queue-empty', path: '/', scene: 'empty', waitFor: `body:has(.queue .state) ${MAP}` },
  { name: 'queue-loading', path: '/', scene: 'loading', waitFor: '.ant-skeleton' },
  { name: 'queue-failing', path: '/', scene: 'failing', waitFor: '.queue [role=alert]' },
  { name: 'queue-500', path: '/', scene: 'many', waitFor: `body:has(.row) ${MAP}` },
  { name: 'queue-long', path: '/', scene: 'long', waitFor: `body:has(.row) ${MAP}` },
  { name: 'queue-summary', path: '/', scene: 'busy', waitFor: `body:has(.group) ${MAP}` },
  { name: 'queue-1280', path: '/', waitFor: `body:has(.row) ${MAP}`, size: { width: 1280, height: 720 } },
  { name: 'incident', path: '/incidents/i0001', waitFor: '.axis' },
  { name: 'incident-unsigned', path: '/incidents/i0003', waitFor: '.axis' },
  { name: 'incident-long', path: '/incidents/i0001', scene: 'long', waitFor: '.axis' },
  { name: 'incident-missing', path: '/incidents/none', waitFor: '.state' },
  { name: 'map', path: '/map', waitFor: `body:has(.picklist button) ${MAP}` },
  { name: 'sources', path: '/sources', role: 'operator', waitFor: 'table.grid' },
  { name: 'subjects', path: '/subjects', waitFor: 'table.subjects' },
  { name: 'subjects-leader', path: '/subjects', only: 'zh', role: 'leader', waitFor: 'table.subjects' },
  { name: 'subjects-1280', path: '/subjects', role: 'leader', waitFor: 'table.subjects', size: { width: 1280, height: 720 } },
  { name: 'subjects-empty', path: '/subjects', only: 'zh', scene: 'empty', waitFor: '.state' },
  { name: 'subjects-many', path: '/subjects', only: 'zh', scene: 'many', waitFor: 'table.subjects' },
  { name: 'subjects-long', path: '/subjects', scene: 'long', waitFor: 'table.subjects' },
  { name: 'subjects-failing', path: '/subjects', only: 'zh', scene: 'failing', waitFor: '[role=alert]' },
  { name: 'unknowns', path: '/unknowns', waitFor: 'table.unknowns' },
  { name: 'unknowns-1280', path: '/unknowns', waitFor: 'table.unknowns', size: { width: 1280, height: 720 } },
  { name: 'unknowns-empty', path: '/unknowns', scene: 'empty', waitFor: '.state' },
  { name: 'unknowns-many', path: '/unknowns', scene: 'many', waitFor: 'table.unknowns' },
  { name: 'unknowns-long', path: '/unknowns', scene: 'long', waitFor: 'table.unknowns' },
  { name: 'unknowns-failing', path: '/unknowns', scene: 'failing', waitFor: '[role=alert]' },
  { name: 'queue-dark', only: 'zh', path: '/', dark: true, waitFor: `body:has(.row) ${MAP}` },
  { name: 'incident-dark', only: 'zh', path: '/incidents/i0001', dark: true, waitFor: '.axis' },
  { name: 'rules', only: 'zh', path: '/rules', role: 'leader', waitFor: 'table.rules' },
  { name: 'rules-1280', path: '/rules', role: 'leader', waitFor: 'table.rules', size: { width: 1280, height: 720 } },
  { name: 'rules-dark', only: 'zh', path: '/rules', dark: true, waitFor: 'table.rules' },
  { name: 'rules-empty', only: 'zh', path: '/rules', scene: 'empty', waitFor: '.state' },
  { name: 'rules-failing', only: 'zh', path: '/rules', scene: 'failing', waitFor: '[role=alert]' },
  { name: 'rules-500', only: 'zh', path: '/rules', scene: 'many', waitFor: 'table.rules' },
  { name: 'rules-long', only: 'zh', path: '/rules', scene: 'long', waitFor: 'table.rules', size: { width: 1280, height: 720 } },
  { name: 'rule', path: '/rules/svc_share_login_new_payee', role: 'leader', waitFor: '.life li' },
  { name: 'rule-dark', only: 'zh', path: '/rules/brush_growing_orders', dark: true, waitFor: '.life li' },
  {
    name: 'rule-long',
    only: 'zh',
    path: '/rules/svc_share_login_new_payee',
    scene: 'long',
    waitFor: '.life li',
    size: { width: 1280, height: 720 },
  },
  { name: 'rule-missing', only: 'zh', path: '/rules/none_such', waitFor: '.state' },
  { name: 'models', path: '/models', role: 'leader', waitFor: '.compared' },
  { name: 'models-dark-1280', path: '/models', dark: true, waitFor: '.compared', size: { width: 1280, height: 720 } },
  { name: 'models-empty', only: 'zh', path: '/models', scene: 'empty', waitFor: '.places' },
  { name: 'models-refused', only: 'zh', path: '/models', scene: 'long', role: 'auditor', waitFor: '.places' },
  { name: 'budget', only: 'zh', path: '/budget', role: 'leader', waitFor: '.chart' },
  { name: 'budget-dark-1280', path: '/budget', dark: true, scene: 'many', waitFor: '.chart', size: { width: 1280, height: 720 } },
  { name: 'budget-empty', only: 'zh', path: '/budget', scene: 'empty', waitFor: '.budget' },
  { name: 'erasures', path: '/erasures', role: 'leader', waitFor: 'table.erasures' },
  { name: 'erasures-operator', only: 'zh', path: '/erasures', role: 'operator', waitFor: 'table.erasures' },
  {
    name: 'erasures-dark',
    path: '/erasures',
    role: 'operator',
    dark: true,
    scene: 'long',
    waitFor: 'table.erasures',
    size: { width: 1280, height: 720 },
  },
  { name: 'erasures-empty', only: 'zh', path: '/erasures', role: 'leader', scene: 'empty', waitFor: '.state' },
  { name: 'audit', path: '/audit', role: 'auditor', waitFor: 'table.grid' },
  { name: 'forbidden', path: '/', role: 'officer', waitFor: '.state' },
  { name: 'wall', path: '/wall', waitFor: `body:has(.wall article) ${MAP}`, size: { width: 1920, height: 1080 } },
  { name: 'wall-3840', path: '/wall', scene: 'busy', waitFor: `body:has(.wall article) ${MAP}`, size: { width: 3840, height: 2160 } },
];

for (const language of ['zh', 'en'] as const)
  for (const screen of SCREENS.filter(({ only }) => only === undefined || only === language))
    test(`${screen.name} in ${language} fits the screen, asks nobody else and says nothing in red`, async () => {
      fixture.show(screen.scene ?? 'normal', screen.role ?? 'analyst');
      const opened = await open(screen.path, {
        language,
        dark: screen.dark === true,
        ...(screen.size === undefined ? {} : { size: screen.size }),
      });
      await opened.page.waitForSelector(screen.waitFor, { timeout: 15_000 });
      await picture(opened.page, `${screen.name}-${language}`);
      await wellMade(opened);
    });

test('signing in with a wrong password says so and a right one opens the queue', async () => {
  fixture.show('normal');
  const opened = await open('/');
  const { page } = opened;
  await page.getByRole('button', { name: '退出' }).click();
  await page.getByLabel('账号').fill('analyst');
  await page.getByLabel('密码').fill('wrong');
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByText('账号或密码不对').waitFor();
  await picture(page, 'signin-zh');
  await page.getByLabel('密码').fill('demo');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.row');
  await wellMade(opened);
});

test('the whole way by keyboard: pick, sign, call, dispatch, open, search, help', async () => {
  fixture.show('normal');
  const opened = await open('/');
  const { page } = opened;
  await page.waitForSelector('.row');
  for (const key of ['j', 'j', 'j']) await page.keyboard.press(key);
  expect(await page.locator('.row.picked').innerText()).toContain('孙*华');
  await page.keyboard.press('s');
  await page.locator('.row.picked', { hasText: '已签收' }).waitFor();
  await page.keyboard.press('c');
  await page.getByRole('dialog').getByRole('radio', { name: '占线' }).check();
  await picture(page, 'dialog-call-zh');
  await page.getByRole('button', { name: '确定' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('d');
  await page.getByRole('button', { name: '派出' }).first().waitFor();
  await picture(page, 'dialog-dispatch-zh');
  await page.getByRole('button', { name: '派出' }).first().click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('键盘快捷键').waitFor();
  await picture(page, 'help-zh');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('/');
  await page.keyboard.type('周');
  await page.locator('.row').nth(1).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.axis');
  expect(fixture.changes).toEqual([
    'POST /api/incidents/i0003/sign',
    'POST /api/incidents/i0003/calls',
    'POST /api/incidents/i0003/dispatches',
  ]);
  await wellMade(opened);
});

test('new alerts wait while a row is worked on and come when asked for', async () => {
  fixture.show('normal');
  const opened = await open('/');
  const { page } = opened;
  await page.locator('.row', { hasText: '周*燕' }).click();
  const before = await page.locator('.row').allInnerTexts();
  fixture.alert('P1');
  fixture.alert('P2');
  await page.getByText('2 条新预警,其中 P1 1 条').waitFor();
  expect((await page.locator('.row').allInnerTexts()).length).toBe(before.length);
  await picture(page, 'queue-waiting-zh');
  await page.keyboard.press('n');
  await page.getByText('条新预警').waitFor({ state: 'detached' });
  expect(await page.locator('.row').count()).toBeGreaterThan(before.length - 1);
  await wellMade(opened);
});

test('a cut line is said, counted and resumed without a gap', async () => {
  fixture.show('normal');
  const opened = await open('/');
  const { page } = opened;
  await page.waitForSelector('.row');
  await expect.poll(() => fixture.listening()).toBeGreaterThan(0);
  fixture.cut();
  await page.getByText(/断线 \d+ 秒,正在重连/).waitFor({ timeout: 10_000 });
  await picture(page, 'queue-stale-zh');
  fixture.alert('P1');
  fixture.mend();
  // In one step: the page may reconnect by itself meanwhile, and the button with it be gone.
  await page.evaluate(() => {
    for (const button of document.querySelectorAll('button')) if (button.textContent.includes('立即重连')) button.click();
  });
  await page.getByText('已重新连上').waitFor({ timeout: 10_000 });
  await expect.poll(() => page.locator('.bar .count').innerText()).toBe('4');
  await wellMade(opened);
});

test('what was done before stands in the activity from the first view, on the wall too', async () => {
  fixture.show('normal');
  const opened = await open('/');
  const { page } = opened;
  await expect.poll(() => page.locator('section[aria-label="动态"] li').count()).toBe(7);
  expect(await page.locator('section[aria-label="动态"] li').first().innerText()).toContain('王*兰');
  fixture.alert('P1');
  await page.locator('section[aria-label="动态"] li').first().getByText('预警生成 P1').waitFor();
  await page.goto(`${fixture.url}#/wall`);
  await page.locator('.acts-list li', { hasText: '建行熔断' }).waitFor();
  await wellMade(opened);
});

test('a record sent in again says when and by whom, and cannot be sent twice', async () => {
  fixture.show('normal', 'operator');
  const opened = await open('/sources');
  const { page } = opened;
  const rows = page.locator('section[aria-label="隔离区"] tbody tr');
  await rows
    .nth(3)
    .getByText(/已于 15:\d\d 由系统运维重放/)
    .waitFor();
  expect(await rows.nth(3).getByRole('button').count()).toBe(0);
  await rows.first().getByRole('button', { name: '重新送入' }).click();
  await rows
    .first()
    .getByText(/已于 16:\d\d 由系统运维重放/)
    .waitFor();
  expect(await rows.first().getByRole('button').count()).toBe(0);
  expect(fixture.changes).toEqual(['POST /api/quarantine/q0/replay']);
  await wellMade(opened);
});

test('a rule is found by keyboard, approved with its reason, and a refusal says why and keeps what was typed', async () => {
  fixture.show('normal', 'leader');
  const opened = await open('/rules');
  const { page } = opened;
  await page.waitForSelector('table.rules');
  await page.keyboard.press('/');
  await page.keyboard.type('svc_share_login');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '批准', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const submit = dialog.getByRole('button', { name: '批准', exact: true });
  expect(await submit.isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('被拒');
  expect(await submit.isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('影响面可以接受');
  await picture(page, 'dialog-rule-zh');
  await submit.click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('已批准').first().waitFor();
  expect(fixture.changes).toEqual(['POST /api/rules/svc_share_login_new_payee/approve']);
  await page.keyboard.press('Escape');
  await page.waitForSelector('table.rules');
  await wellMade(opened);
});

test('the menu of pages goes by keyboard, the screen turns dark and stays so, and a receipt says what the law keeps', async () => {
  fixture.show('normal', 'leader');
  const opened = await open('/');
  const { page } = opened;
  await page.getByRole('button', { name: '管理' }).press('Enter');
  await picture(page, 'menu-zh');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  await page.waitForSelector('table.erasures');
  await page.getByRole('button', { name: '改用深色界面' }).click();
  await page.reload();
  await page.waitForSelector('[data-theme=dark] table.erasures');
  await page.getByRole('button', { name: '回执' }).first().click();
  await page.getByRole('heading', { name: '依法保留' }).waitFor();
  await picture(page, 'receipt-dark-zh');
  await page.getByRole('dialog').getByText('关闭').click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await wellMade(opened);
});

test('the axis is walked by arrows, zoomed by wheel and read as a table', async () => {
  fixture.show('normal');
  const opened = await open('/incidents/i0001');
  const { page } = opened;
  await page.locator('.axis').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await page.locator('.picked-line').innerText()).toMatch(/15:\d\d:\d\d/);
  const ticks = await page.locator('.axis .tick').allTextContents();
  await page.locator('.axis').hover({ position: { x: 700, y: 100 } });
  for (let turn = 0; turn < 6; turn += 1) await page.mouse.wheel(0, -240);
  await expect.poll(() => page.locator('.axis .tick').allTextContents()).not.toEqual(ticks);
  await picture(page, 'incident-zoomed-zh');
  await page.getByRole('button', { name: '表格查看' }).click();
  expect(await page.locator('section[aria-label="时间轴"] tbody tr').count()).toBeGreaterThan(15);
  await picture(page, 'incident-table-zh');
  await wellMade(opened);
});

test('showing a name asks for the purpose, and a P1 does not close without a meeting', async () => {
  fixture.show('normal');
  const opened = await open('/incidents/i0001');
  const { page } = opened;
  await page.getByText('显示全部(需填事由)').click();
  expect(await page.getByRole('button', { name: '确认显示' }).isDisabled()).toBe(true);
  await page.getByText('电话劝阻需核对本人').click();
  await picture(page, 'dialog-unmask-zh');
  await page.getByRole('button', { name: '确认显示' }).click();
  await page.getByText('王玉兰').waitFor();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await picture(page, 'incident-unmasked-zh');
  await page.getByRole('button', { name: /结案反馈/ }).click();
  await page.getByText('P1、P2 必须见面后才能结案').waitFor();
  await page.getByText('误报-正常行为').click();
  expect(await page.getByRole('button', { name: '结案', exact: true }).isDisabled()).toBe(true);
  await picture(page, 'dialog-close-zh');
  await wellMade(opened);
});

test('five hundred rows cost as much as those in sight', async () => {
  fixture.show('many');
  const opened = await open('/');
  await opened.page.waitForSelector('.row');
  expect(await opened.page.locator('.row').count()).toBeLessThan(30);
  await wellMade(opened);
});

test('two hundred alerts within a second are all counted and none moves the row in hand', async () => {
  fixture.show('normal');
  const opened = await open('/');
  const { page } = opened;
  await page.locator('.row', { hasText: '周*燕' }).click();
  const place = await page.locator('.row.picked').boundingBox();
  for (let count = 0; count < 200; count += 1) fixture.alert('P2');
  await page.getByText('200 条新预警').waitFor();
  expect(await page.locator('.row.picked').boundingBox()).toEqual(place);
  await wellMade(opened);
});

test('the first view with its map is at most 600 kB compressed', async () => {
  fixture.show('normal');
  const opened = await open('/');
  const { page } = opened;
  await page.waitForSelector('.map canvas');
  const files = await page.evaluate(() =>
    performance.getEntriesByType('resource').flatMap(({ name }) => (/\.(?:js|css)$/.test(name) ? [name] : [])),
  );
  const sizes = await Promise.all(files.map(async (name) => gzipSync(Buffer.from(await (await fetch(name)).arrayBuffer())).length));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`first view ${Math.round(total / 1000)} kB compressed in ${files.length} files`);
  expect(total).toBeLessThan(600_000);
  await wellMade(opened);
});
