import { createServer } from 'node:http';
import type { Telemetry } from '@skyeye/telemetry';

const REQUEST_MS_MAX = 5_000;
const CONNECTIONS_MAX = 50;

/** /health, /ready and /metrics for a process that has no HTTP of its own. */
export async function listenForHealth(
  telemetry: Telemetry,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<[number, string, string]> => {
      if (request.url === '/metrics') return [200, 'text/plain; version=0.0.4', await telemetry.metricsText()];
      if (request.url !== '/health' && request.url !== '/ready') return [404, 'text/plain', 'not found'];
      const { status, body } = request.url === '/health' ? telemetry.health.health() : telemetry.health.readiness();
      return [status, 'application/json', JSON.stringify(body)];
    };
    answer().then(
      ([status, type, body]) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  server.headersTimeout = REQUEST_MS_MAX;
  server.requestTimeout = REQUEST_MS_MAX;
  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
