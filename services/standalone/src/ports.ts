import { createServer } from 'node:net';
import { StartRefused } from './data-folder.ts';

/** Which ports the three addresses take, from the one given. */
export const portsOf = (port: number): { readonly console: number; readonly field: number; readonly bank: number } => ({
  console: port,
  field: port + 1,
  bank: port + 2,
});

/** Looks before anything is started whether the ports are free. @throws StartRefused naming the port that is taken */
export async function checkPorts(host: string, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    await new Promise<void>((resolve, reject) => {
      const probe = createServer();
      probe.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE')
          reject(
            new StartRefused(
              `port ${port} on ${host} is taken by another program. Nothing was changed. Give another one with --port (three in a row are needed).`,
            ),
          );
        else
          reject(
            new StartRefused(
              `cannot listen on ${host}:${port} (${error.code ?? 'error'}). Nothing was changed. Give another address with --host or --port.`,
            ),
          );
      });
      probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
    });
  }
}
