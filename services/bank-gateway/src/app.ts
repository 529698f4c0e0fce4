import { createHttp, type Route } from '@skyeye/identity';
import type { FastifyInstance } from 'fastify';
import { Callers } from './caller.ts';
import { HoldDesk } from './decide.ts';
import type { GatewayDeps } from './deps.ts';
import { Nonces } from './nonces.ts';
import { routes } from './routes/index.ts';

/** Every route of the bank gateway. */
export function gatewayRoutes(deps: GatewayDeps): readonly Route[] {
  return routes({ ...deps, callers: new Callers(deps.keys, deps.wallNowMs), nonces: new Nonces(deps), desk: new HoldDesk(deps) });
}

/** 警银直通车: the banks' API. Listen with `app.listen`, stop with `app.close`. */
export async function app(deps: GatewayDeps): Promise<FastifyInstance> {
  // The texts are read and checked once; the first bank that needs them must not pay for it with its deadline.
  deps.counterTexts(null);
  const http = await createHttp({
    telemetry: deps.telemetry,
    routes: gatewayRoutes(deps),
    sessions: null,
    cookieName: 'none',
    hosts: deps.hosts,
  });
  http.addHook('onClose', () => deps.scoring.close());
  return http;
}
