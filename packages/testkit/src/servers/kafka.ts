import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { available, kafkaHome } from './available.ts';
import { announce, imageFor, startContainer } from './container.ts';
import { freePort, removeFolder, ServerProcess, temporaryFolder } from './process.ts';

const run = promisify(execFile);
const POM = join(import.meta.dirname, '../../kafka/pom.xml');

export interface KafkaServer {
  /** `host:port` of the broker. */
  readonly brokers: readonly string[];
  /** kill −9, data kept. */
  kill(): Promise<void>;
  /** Starts it again after {@link kill}: same address, same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * One broker in KRaft mode. Ready in about 3 s, 350 MB resident.
 * @throws Error that says what to install
 */
export async function startKafka(): Promise<KafkaServer> {
  const { ok, reason } = available('kafka');
  if (!ok) throw new Error(reason);
  const image = imageFor('kafka');
  announce('kafka', image === undefined ? `local server, ${reason}` : `container of ${image}`);
  return image === undefined ? startLocally() : startInContainer(image);
}

async function startLocally(): Promise<KafkaServer> {
  const jars = await jarsOnce();
  const folder = temporaryFolder('kafka');
  try {
    const [port, controllerPort] = [await freePort(), await freePort()];
    const properties = join(folder, 'server.properties');
    writeFileSync(properties, settings(port, controllerPort, join(folder, 'data')));
    // Log4j without a configuration writes errors only; its status output is of no use in a test.
    const java = ['-Dlog4j2.level=ERROR', '-Dlog4j2.StatusLogger.level=OFF', '-cp', `${jars}/*`];
    await run('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', properties]);
    const server = new ServerProcess({
      command: 'java',
      args: ['-Xmx512m', '-XX:TieredStopAtLevel=1', ...java, 'kafka.Kafka', properties],
      port,
    });
    await server.start();
    return {
      brokers: [`127.0.0.1:${port}`],
      kill: () => server.kill(),
      restart: () => server.start(),
      stop: async () => {
        // The data is thrown away, so an orderly shutdown would only cost time.
        await server.kill();
        removeFolder(folder);
      },
    };
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

function clusterId(): string {
  // 16 bytes in base64url are 22 characters; one that begins with a dash would be read as an option.
  return randomBytes(16).toString('base64url').replace(/^-/, 'A');
}

function settings(port: number, controllerPort: number, data: string): string {
  return [
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
  ].join('\n');
}

/** Brings the jars from Maven Central once per machine: 4 s, 43 MB. A folder of our own first: half a set must not count. */
async function jarsOnce(): Promise<string> {
  const home = kafkaHome();
  if (existsSync(join(home, 'complete'))) return join(home, 'libs');
  const partial = `${home}.part.${process.pid}`;
  try {
    mkdirSync(partial, { recursive: true });
    await run('mvn', ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${join(partial, 'libs')}`], {
      timeout: 300_000,
    });
    writeFileSync(join(partial, 'complete'), '');
    rmSync(home, { recursive: true, force: true });
    renameSync(partial, home);
  } catch (error) {
    // Another test run may have put them there meanwhile.
    if (!existsSync(join(home, 'complete'))) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return join(home, 'libs');
}

async function startInContainer(image: string): Promise<KafkaServer> {
  const port = await freePort();
  const container = await startContainer(image, (generic) =>
    generic.withExposedPorts({ container: 9092, host: port }).withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    }),
  );
  return {
    brokers: [`127.0.0.1:${port}`],
    kill: () => container.restart({ timeout: 0 }),
    restart: async () => undefined,
    stop: async () => void (await container.stop()),
  };
}
