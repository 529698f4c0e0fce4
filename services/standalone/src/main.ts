import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { followContacts } from '@skyeye/county';
import { AnchoredClock, SkyeyeError, type ClockAnchor } from '@skyeye/foundation';
import { demoCounty } from '@skyeye/geo';
import { demoAccounts, installDemo, passwords, sqlAccounts } from '@skyeye/identity';
import { COUNTY_START_MS } from '@skyeye/simulator';
import { migrate, openLedger, startEmbeddedPostgres } from '@skyeye/ledger';
import { lockFolder } from '@skyeye/stream';
import { createTelemetry } from '@skyeye/telemetry';
import { embeddedVault, loadOrCreateMasterKey, setUpVault } from '@skyeye/vault';
import { banner, readyLine } from './banner.ts';
import { openDataFolder, StartRefused } from './data-folder.ts';
import { openFront } from './front.ts';
import { replaceFile } from './kept-file.ts';
import { LogFile } from './log-file.ts';
import { options, type Options } from './options.ts';
import { checkPorts, portsOf } from './ports.ts';
import { Progress } from './progress.ts';
import { startRoom, type Room, type RoomMessage } from './room.ts';
import type { EngineRoomData, ToEngineRoom } from './rooms/engine-room.ts';
import type { SimulatorRoomData, ToSimulator } from './rooms/simulator-room.ts';
import { installationSecret } from './secrets.ts';

const startedMs = performance.now();
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const wallNowMs = (): number => Date.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
/** Where county time stood last, for the first seconds of the next start. */
const CLOCK_FILE = 'clock.json';
/** The officer whose tasks the simulated ones leave to a person. */
const HUMAN_OFFICER_UNIT = demoCounty.teams[0]?.code ?? '';
const HUMAN_OFFICER = `team-${HUMAN_OFFICER_UNIT.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;

function readOptions(): Options {
  const flag = process.argv.indexOf('--options-file');
  const path = flag > 0 ? process.argv[flag + 1] : process.env['SKYEYE_OPTIONS_FILE'];
  const file = path === undefined ? {} : readOptionsFile(path);
  const read = options.read({ argv: process.argv.slice(2), env: process.env, file });
  if (read.kind === 'values') return read.values;
  process.stderr.write(
    read.kind === 'help'
      ? `${options.help('npm start --')}\n`
      : `${read.mistakes.join('\n')}\nNothing was started. npm start -- --help lists the options.\n`,
  );
  process.exit(read.kind === 'help' ? 0 : 2);
}

function readOptionsFile(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, in a sentence: a file that is missing, unreadable or no JSON has the same remedy.
  }
  process.stderr.write(
    `the options file ${path} cannot be read as a JSON object. Nothing was started. npm start -- --help lists the options.\n`,
  );
  process.exit(2);
}

async function run(): Promise<void> {
  const chosen = readOptions();
  const folder = resolve(chosen.data);
  const ports = portsOf(chosen.port);
  const drainMs = chosen.drainSeconds * 1000;
  const stopMs = 0.8 * drainMs;
  const progress = new Progress(say);
  const county = openDataFolder(folder, { seed: chosen.seed, residents: chosen.residents });
  const lock = lockFolder(folder);
  await checkPorts(chosen.host, [ports.console, ports.field, ports.bank]);
  for (const sub of ['log', 'keys', 'simulator']) mkdirSync(join(folder, sub), { recursive: true, mode: 0o700 });
  const logFile = new LogFile(join(folder, 'log', 'skyeye.log'));
  const telemetryOf = (service: string) => createTelemetry({ service, level: chosen.logLevel, destination: logFile });
  const serviceKey = installationSecret(join(folder, 'keys'), 'service.key').toString('base64url');
  const demoSecret = installationSecret(join(folder, 'keys'), 'demo.key');
  const demo = chosen.withoutSimulator ? null : demoAccounts(demoCounty, demoSecret);

  const postgres = await progress.step('数据库 database', () => startEmbeddedPostgres({ folder: join(folder, 'database') }));
  const vaultUrls = await embeddedVault((name, role) => postgres.createDatabase(name, role));
  const master = await loadOrCreateMasterKey(join(folder, 'keys'));
  await migrate({ url: postgres.ledgerUrl });
  await setUpVault({ ...vaultUrls, master });
  // Those that are there already stay as they are: a first start that was killed goes on here.
  if (demo !== null) {
    await progress.step('演示账号 demonstration accounts', async () => {
      const ledger = openLedger({ url: postgres.ledgerUrl, poolMax: 2 });
      await installDemo(demo, sqlAccounts(ledger), passwords());
      await ledger.close();
    });
    replaceFile(
      join(folder, 'accounts.txt'),
      `${demo.accounts.map(({ account, password, name }) => `${account}\t${password}\t${name}`).join('\n')}\n`,
    );
  }

  const anchor = anchorOf(folder, chosen);
  const clock = new AnchoredClock(anchor, wallNowMs);
  // The clock's time, not the anchor's: one that lies behind holds the clock, and the next start must not step back either.
  const keepClock = (): void => replaceFile(join(folder, CLOCK_FILE), JSON.stringify({ countyMs: clock.nowMs() }));
  const rooms: Room[] = [];
  let toCounty: { post(message: unknown): void } | undefined;
  let stopContacts = (): Promise<void> => Promise.resolve();
  const engineRoom = startRoom({
    name: 'engine-room',
    file: new URL('rooms/engine-room.ts', import.meta.url),
    heapMaxMb: 8192,
    stopMs,
    onProgress: (text) => progress.note(text),
    onMessage: ({ type }) => {
      if (type === 'idle') toCounty?.post({ type: 'folded' } satisfies ToSimulator);
    },
    data: {
      folder,
      anchor,
      vaultWriterUrl: vaultUrls.writerUrl,
      serviceKey,
      logLevel: chosen.logLevel,
      bytesMax: chosen.memoryMb * 1024 * 1024,
      keyEventsMax: chosen.keyEventsMax,
      visitsPerDay: chosen.visitsPerDay,
      models: chosen.models,
      challenger: chosen.challenger,
      drainMs: 0.3 * drainMs,
    } satisfies EngineRoomData,
  });
  rooms.push(engineRoom);
  // It reads its state beside all that follows: nobody waits for it to see a page. Whoever asks meanwhile gets the fallback.
  const engineReady = progress.step('引擎 engine', () => engineRoom.ready);
  engineReady.catch(() => undefined);
  const front = await progress.step('服务 services', () =>
    openFront({
      folder,
      telemetryOf,
      roomMetrics: async () => (await Promise.all(rooms.map((room) => room.metrics()))).flat(),
      roomHealth: () => Object.fromEntries(rooms.map((room) => [room.name, room.health()])),
      clock,
      wallNowMs,
      ledgerUrl: postgres.ledgerUrl,
      vaultUrls,
      master,
      county: demoCounty,
      scorerOrigin: engineRoom.ready.then((facts) => String(facts['scorerOrigin'])),
      serviceKey,
      host: chosen.host,
      ports,
      webFolders: { console: join(root, 'services/command-center/web/dist'), field: join(root, 'services/field/web/dist') },
      demo: demo !== null,
      visitsPerDay: chosen.visitsPerDay,
      version: '0.1.0',
    }),
  );

  let isStopping = false;
  const stop = async (code: number): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    const deadline = setTimeout(() => {
      process.stderr.write(
        `the stop took more than ${chosen.drainSeconds} s and was cut short; everything accepted is kept, and the next start does the rest. --drain-seconds gives it more time.\n`,
      );
      process.exit(code === 0 ? 1 : code);
    }, drainMs + 2_000);
    await stopContacts();
    for (const room of rooms.toReversed()) {
      await room.stop();
      if (room === engineRoom) continue;
      // Nobody lives in the county now: its time stands still for those who still drain, and goes on from here.
      const standing: ClockAnchor = { countyMs: clock.nowMs(), wallMs: wallNowMs(), speed: 0 };
      clock.follow(standing);
      engineRoom.post({ type: 'anchor', anchor: standing } satisfies ToEngineRoom);
      keepClock();
    }
    await front.stop(drainMs);
    await postgres.stop();
    lock.release();
    clearTimeout(deadline);
    process.exit(code);
  };
  process.on('SIGINT', () => void stop(0));
  process.on('SIGTERM', () => void stop(0));
  const broke = (what: string) => (error: unknown) => {
    if (isStopping) return;
    process.stderr.write(
      `${what} cannot go on: ${error instanceof Error ? error.message : String(error)}\nEverything accepted is kept; start again with the same command. Details are in ${join(folder, 'log')}.\n`,
    );
    void stop(1);
  };
  void engineRoom.failed.then(broke(engineRoom.name));
  front.failed.catch(broke('a service'));
  postgres.failed.catch(broke('the database'));
  const seconds = (): number => (performance.now() - startedMs) / 1000;
  say(
    banner({
      host: chosen.host,
      ports,
      demo,
      officer: HUMAN_OFFICER,
      accountsFile: join(folder, 'accounts.txt'),
      seconds: seconds(),
    }),
  );

  await engineReady;
  if (isStopping) return;
  if (demo !== null) {
    const onMessage = (message: RoomMessage, room: { post(message: unknown): void }): void => {
      if (message.type === 'imported') {
        toCounty = room;
        engineRoom.post({ type: 'settle' } satisfies ToEngineRoom);
      } else if (message.type === 'anchor') {
        clock.follow(message.anchor);
        engineRoom.post({ type: 'anchor', anchor: message.anchor } satisfies ToEngineRoom);
        keepClock();
      }
    };
    const simulator = startRoom({
      name: 'simulator-room',
      file: new URL('rooms/simulator-room.ts', import.meta.url),
      heapMaxMb: 4096,
      stopMs,
      onProgress: (text) => progress.note(text),
      onMessage,
      data: {
        folder,
        anchor,
        seed: county.seed,
        residents: county.residents,
        speed: chosen.speed,
        scams: chosen.scams,
        logLevel: chosen.logLevel,
        fieldBase: `http://127.0.0.1:${ports.field}`,
        bankBase: `http://127.0.0.1:${ports.bank}`,
        accounts: demo.accounts.map(({ account, password, role, unit }) => ({ account, password, role, unit })),
        humanUnits: [HUMAN_OFFICER_UNIT],
        bankKeys: Object.fromEntries(demo.bankKeys.map(({ bank, key }) => [bank, key])),
      } satisfies SimulatorRoomData,
    });
    rooms.push(simulator);
    await progress.step('模拟县 simulated county', () => simulator.ready);
    if (isStopping) return;
    void simulator.failed.then(broke(simulator.name));
    stopContacts = await followContacts({
      ledger: front.ledger,
      humans: new Set([HUMAN_OFFICER]),
      tell: (news) => simulator.post(news satisfies ToSimulator),
    });
  }
  say(readyLine(seconds()));
}

/** Where county time goes on: at the place the simulator kept, or at its beginning; without a simulator it is wall time. */
function anchorOf(folder: string, chosen: Options): ClockAnchor {
  const nowMs = wallNowMs();
  if (chosen.withoutSimulator) return { countyMs: nowMs, wallMs: nowMs, speed: 1 };
  const kept = join(folder, CLOCK_FILE);
  const countyMs = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as { countyMs: number }).countyMs : COUNTY_START_MS;
  // It stands still until the simulator says where it goes on.
  return { countyMs, wallMs: nowMs, speed: 0 };
}

run().catch((error: unknown) => {
  if (error instanceof StartRefused) process.stderr.write(`${error.message}\n`);
  else if (error instanceof SkyeyeError && error.code === 'STREAM_FOLDER_IN_USE')
    process.stderr.write('another Skyeye runs on this data folder. Nothing was changed. Stop it, or give another folder with --data.\n');
  else
    process.stderr.write(
      `the start failed: ${error instanceof Error ? `${error.message}${error instanceof SkyeyeError ? ` (${error.code}) ${JSON.stringify(error.facts)}` : ''}` : String(error)}\nNothing that was accepted before is lost.\n`,
    );
  process.exit(1);
});
