import { connect, createServer } from 'node:net';
import { errors } from '../errors.ts';

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Looks before anything is started. @throws CLUSTER_PORT_TAKEN naming the first port that is taken or refused */
export async function checkPorts(host: string, ports: readonly number[]): Promise<void> {
  for (const port of ports)
    await new Promise<void>((resolve, reject) => {
      const probe = createServer();
      probe.once('error', (error: NodeJS.ErrnoException) => reject(errors.portTaken({ host, port, code: error.code ?? '' }, error)));
      probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
    });
}

/** Whether something accepts connections on loopback. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Whether a service on loopback says that it takes work. */
export async function saysReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    // It does not listen yet or is busy: asked again.
    return false;
  }
}
