import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { imageFor } from './container.ts';

export type ServerName = 'kafka' | 'redis' | 'postgres' | 'chromium';

export interface Availability {
  readonly ok: boolean;
  /** How it will be started, or a sentence that says what to install. */
  readonly reason: string;
}

/** Where a command is on the PATH. */
export function which(command: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    const file = join(folder, command);
    if (folder !== '' && existsSync(file)) return file;
  }
  return undefined;
}

const POSTGRES_ROOTS = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];

/** The folder with `postgres` and `initdb`: the newest of Debian's or Homebrew's versions. */
export function postgresBin(): string | undefined {
  for (const root of POSTGRES_ROOTS) {
    if (!existsSync(root)) continue;
    const versions = readdirSync(root).filter((name) => /^(\d+|postgresql@\d+)$/.test(name));
    versions.sort((a, b) => Number(/\d+/.exec(b)?.[0]) - Number(/\d+/.exec(a)?.[0]));
    for (const version of versions) {
      const bin = join(root, version, 'bin');
      if (existsSync(join(bin, 'initdb'))) return bin;
    }
  }
  return undefined;
}

/** Debian's Chromium, or the one named by SKYEYE_CHROMIUM. */
export function chromiumPath(): string | undefined {
  const named = process.env['SKYEYE_CHROMIUM'];
  if (named !== undefined && existsSync(named)) return named;
  return which('chromium') ?? which('chromium-browser') ?? which('google-chrome');
}

/** Whether a test that needs this server can run here. Cost: looks at files; asks Docker once when images are named. */
export function available(server: ServerName): Availability {
  const image = server === 'chromium' ? undefined : imageFor(server);
  if (image !== undefined) return { ok: true, reason: `container of ${image}` };
  switch (server) {
    case 'redis': {
      const path = which('redis-server');
      return path === undefined
        ? { ok: false, reason: 'redis-server is missing: apt-get install redis-server' }
        : { ok: true, reason: path };
    }
    case 'postgres': {
      const bin = postgresBin();
      return bin === undefined ? { ok: false, reason: 'PostgreSQL is missing: apt-get install postgresql' } : { ok: true, reason: bin };
    }
    case 'chromium': {
      const path = chromiumPath();
      return path === undefined
        ? { ok: false, reason: 'Chromium is missing: apt-get install chromium fonts-noto-cjk (or name one by SKYEYE_CHROMIUM)' }
        : { ok: true, reason: path };
    }
    case 'kafka':
      return kafkaAvailable();
  }
}

function kafkaAvailable(): Availability {
  // A JRE stub without Java (as on macOS) is there and fails when run.
  if (which('java') === undefined || spawnSync('java', ['-version'], { stdio: 'ignore' }).status !== 0)
    return { ok: false, reason: 'Java 17 or newer is missing (Kafka runs on it): apt-get install openjdk-17-jre-headless maven' };
  if (existsSync(join(kafkaHome(), 'complete')) || which('mvn') !== undefined)
    return { ok: true, reason: `Kafka ${KAFKA_VERSION} on ${which('java')}` };
  return { ok: false, reason: 'Maven is missing (it brings Kafka from Maven Central): apt-get install maven' };
}

export const KAFKA_VERSION = '4.1.0';

/** Folder of one Kafka: its jars in `libs`, and a file `complete` once all are there. `scripts/fetch-kafka.sh` fills the same. */
export function kafkaHome(): string {
  return join(homedir(), '.cache', 'skyeye', `kafka-${KAFKA_VERSION}`);
}
