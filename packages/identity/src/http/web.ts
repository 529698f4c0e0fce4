import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problems } from './problem.ts';
import { HANDLED, route, type Route } from './route.ts';

const YEAR_S = 31_536_000;
/** What the build puts there has a hash of its content in its name and never changes. */
const HASHED = /^assets\/[^/]+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;
/** Parts that begin with a dot, and what no name of a file of ours has. */
const HIDDEN = /(?:^|\/)\.|[\\\0:]/;
const NOT_BUILT =
  '<!doctype html><html lang="zh"><meta charset="utf-8"><title>小天眼</title><p>网页尚未构建:请运行 <code>pnpm build</code> 后重试。</p><p lang="en">The web application is not built yet: run <code>pnpm build</code>.</p></html>';

/** Makes `reply.sendFile` for the built web application; adds no route by itself. */
export async function prepareWeb(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(files, {
    root: resolve(folder),
    serve: false,
    preCompressed: true,
    cacheControl: false,
    index: false,
    dotfiles: 'deny',
  });
}

/**
 * Everything that is no API: files of the built application, and its first page for every address without a file name,
 * because the application finds its way by itself. Hashed files are kept by browsers for a year, the others are asked for
 * anew each time.
 */
export function webRoute(folder: string): Route {
  return route(
    {
      method: 'GET',
      path: '/*',
      says: 'the web application',
      access: 'public',
      perMinute: 1_200,
      audit: null,
      params: z.object({ '*': z.string().max(500) }),
    },
    ({ params, reply }) => {
      const path = params['*'];
      if (path.startsWith('api/') || HIDDEN.test(path)) throw problems.notFound();
      const isFile = /\.[a-z0-9]+$/i.test(path);
      const name = isFile ? path : 'index.html';
      if (isFile && !existsSync(resolve(folder, name))) throw problems.notFound();
      if (!isFile && !existsSync(resolve(folder, name))) {
        reply.type('text/html; charset=utf-8').send(NOT_BUILT);
        return HANDLED;
      }
      reply.header('cache-control', HASHED.test(name) ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
      reply.sendFile(name);
      return HANDLED;
    },
  );
}
