import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { errors } from '../errors.ts';
import type { Kept } from './kept.ts';
import { Managed, type ManagedOptions } from './managed.ts';
import { freePort, listens } from './ports.ts';

const run = promisify(execFile);

/** What every process of one start shares. */
export type Common = Pick<ManagedOptions, 'folder' | 'pids' | 'onRestart' | 'onGivenUp'> & { readonly root: string };

const READY_MS = 60_000;
const STOP_MS = 15_000;
const ENV = { PATH: process.env['PATH'], HOME: process.env['HOME'], LC_ALL: 'C' };

function programOf(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path) && statSync(path).isFile());
}

/** Looks for everything that is not from npm before anything is started. @returns sentences; none when all is there */
async function missingServers(root: string): Promise<readonly string[]> {
  const missing: string[] = [];
  if (programOf('redis-server') === undefined)
    missing.push('redis-server is missing. Debian: sudo apt-get install redis-server. macOS: brew install redis.');
  const java = await run('java', ['-version'], { timeout: 20_000 }).then(
    () => true,
    () => false,
  );
  if (!java)
    missing.push(
      'Java 17 or newer is missing; Kafka runs on it. Debian: sudo apt-get install openjdk-17-jre-headless. macOS: brew install openjdk@17.',
    );
  else if (!existsSync(join(kafkaHome(root), 'complete')) && programOf('mvn') === undefined)
    missing.push(
      'Maven is missing; it brings Kafka from Maven Central once. Debian: sudo apt-get install maven. macOS: brew install maven.',
    );
  return missing;
}

/** Folder of the jars; `scripts/fetch-kafka.sh` fills it. */
function kafkaHome(root: string): string {
  const pom = readFileSync(join(root, 'packages/testkit/kafka/pom.xml'), 'utf8');
  const version = [...pom.matchAll(/<version>([0-9.]+)<\/version>/g)].at(-1)?.[1] ?? '';
  return join(homedir(), '.cache', 'skyeye', `kafka-${version}`);
}

/** A Redis that syncs every write, since keys of idempotency live in it. */
export async function redisServer(common: Common, kept: Kept): Promise<{ readonly server: Managed; readonly url: string }> {
  const port = await freePort();
  const { folder } = common;
  const settings = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir "${join(folder, 'redis')}"`,
    `requirepass ${kept.redisPassword}`,
    'save ""',
    'appendonly yes',
    'appendfsync always',
  ];
  const file = join(folder, 'redis', 'redis.conf');
  writeFileSync(file, `${settings.join('\n')}\n`, { mode: 0o600 });
  const server = new Managed({
    ...common,
    name: 'redis',
    command: programOf('redis-server') ?? 'redis-server',
    args: [file],
    env: ENV,
    cwd: folder,
    isReady: () => listens(port),
    readyMsMax: READY_MS,
    stopMsMax: STOP_MS,
  });
  return { server, url: `redis://:${kept.redisPassword}@127.0.0.1:${port}` };
}

/** One Kafka broker in KRaft mode from Maven Central's jars. Formats its folder at the first start. */
export async function kafkaServer(common: Common, kept: Kept): Promise<{ readonly server: Managed; readonly brokers: readonly string[] }> {
  const { root, folder } = common;
  const [port, controllerPort] = [await freePort(), await freePort()];
  await run('bash', [join(root, 'scripts/fetch-kafka.sh')], { timeout: 600_000, cwd: root });
  const properties = join(folder, 'kafka', 'server.properties');
  writeFileSync(properties, kafkaSettings(port, controllerPort, join(folder, 'kafka', 'data')), { mode: 0o600 });
  const java = ['-Dlog4j2.level=ERROR', '-Dlog4j2.StatusLogger.level=OFF', '-cp', join(kafkaHome(root), 'libs', '*')];
  await run('java', [...java, 'kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', kept.clusterId, '-c', properties], {
    timeout: 60_000,
    cwd: folder,
  });
  const server = new Managed({
    ...common,
    name: 'kafka',
    command: 'java',
    args: ['-Xmx512m', '-XX:TieredStopAtLevel=1', ...java, 'kafka.Kafka', properties],
    env: ENV,
    cwd: folder,
    isReady: () => listens(port),
    readyMsMax: READY_MS,
    stopMsMax: STOP_MS,
  });
  return { server, brokers: [`127.0.0.1:${port}`] };
}

function kafkaSettings(port: number, controllerPort: number, data: string): string {
  return `${[
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names=CONTROLLER',
    `log.dirs=${data}`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'auto.create.topics.enable=false',
  ].join('\n')}\n`;
}

/** @throws CLUSTER_SERVER_MISSING with a sentence for each */
export async function checkServers(root: string): Promise<void> {
  const missing = await missingServers(root);
  if (missing.length > 0) throw errors.serverMissing({ missing: missing.join(' ') });
}
