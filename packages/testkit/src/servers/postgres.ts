import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { available } from './available.ts';
import { announce, imageFor, startContainer } from './container.ts';
import { freePort, removeFolder, ServerProcess, temporaryFolder } from './process.ts';

const run = promisify(execFile);

export interface PostgresServer {
  /** Superuser `postgres`, database `postgres`. */
  readonly url: string;
  /** kill −9 of the server, data kept. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws Error that says what to install. Ready in about 1 s. fsync is on, as tests kill it. */
export async function startPostgres(): Promise<PostgresServer> {
  const { ok, reason } = available('postgres');
  if (!ok) throw new Error(reason);
  const image = imageFor('postgres');
  announce('postgres', image === undefined ? `local server, ${reason}` : `container of ${image}`);
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  if (image !== undefined) {
    const container = await startContainer(image, (generic) =>
      generic.withExposedPorts({ container: 5432, host: port }).withEnvironment({ POSTGRES_HOST_AUTH_METHOD: 'trust' }),
    );
    return {
      url,
      kill: () => container.restart({ timeout: 0 }),
      restart: async () => undefined,
      stop: async () => void (await container.stop()),
    };
  }
  const folder = temporaryFolder('postgres');
  const data = join(folder, 'data');
  const user = postgresUser();
  const server = new ServerProcess({
    command: join(reason, 'postgres'),
    args: ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', ''],
    port,
    user,
  });
  const stop = async (): Promise<void> => {
    // SIGINT is PostgreSQL's fast shutdown: it ends its children, which a kill of the parent alone leaves for a moment.
    await server.stop('SIGINT');
    removeFolder(folder);
  };
  try {
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
    chmodSync(folder, 0o700);
    await run(join(reason, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'], {
      cwd: folder,
      ...user,
    });
    await server.start();
    await answering(reason, port);
  } catch (error) {
    await stop();
    throw error;
  }
  const restart = async (): Promise<void> => {
    // After kill −9 the children need a moment to notice; until then the new server refuses to share their memory.
    for (let attempt = 1; ; attempt++) {
      try {
        await server.start();
        break;
      } catch (error) {
        if (attempt === 20) throw error;
        await sleep(200);
      }
    }
    await answering(reason, port);
  };
  return { url, kill: () => server.kill(), restart, stop };
}

/** PostgreSQL refuses to run as root: then it runs as Debian's user of that name. */
function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function answering(bin: string, port: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await run(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]);
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(100);
    }
  }
}
