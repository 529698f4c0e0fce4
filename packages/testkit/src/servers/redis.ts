import { available } from './available.ts';
import { announce, imageFor, startContainer } from './container.ts';
import { freePort, removeFolder, ServerProcess, temporaryFolder } from './process.ts';

export interface RedisServer {
  readonly url: string;
  /** kill −9, data kept (append-only file, synced on every write). */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws Error that says what to install. Ready in about 0.1 s. */
export async function startRedis(): Promise<RedisServer> {
  const { ok, reason } = available('redis');
  if (!ok) throw new Error(reason);
  const image = imageFor('redis');
  announce('redis', image === undefined ? `local server, ${reason}` : `container of ${image}`);
  const port = await freePort();
  const settings = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
  if (image !== undefined) {
    const container = await startContainer(image, (generic) =>
      generic.withExposedPorts({ container: 6379, host: port }).withCommand(['--protected-mode', 'no', ...settings]),
    );
    return {
      url: `redis://127.0.0.1:${port}`,
      kill: () => container.restart({ timeout: 0 }),
      restart: async () => undefined,
      stop: async () => void (await container.stop()),
    };
  }
  const folder = temporaryFolder('redis');
  const server = new ServerProcess({
    command: reason,
    args: ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...settings],
    port,
  });
  const stop = async (): Promise<void> => {
    await server.kill();
    removeFolder(folder);
  };
  try {
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `redis://127.0.0.1:${port}`, kill: () => server.kill(), restart: () => server.start(), stop };
}
