import react from '@vitejs/plugin-react';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const PUBLIC = fileURLToPath(new URL('public', import.meta.url));

/** Writes into the service worker what it has to keep for the time without network: every file of this build, and a name made of them. */
function precache(): Plugin {
  return {
    name: 'skyeye-precache',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const files = [
          './',
          ...Object.keys(bundle).filter((name) => name !== 'service-worker.js' && name !== 'index.html'),
          ...readdirSync(PUBLIC),
        ].sort();
        const contents = Object.entries(bundle).map(
          ([name, output]) => `${name}:${output.type === 'chunk' ? output.code : String(output.source)}`,
        );
        const version = createHash('sha256').update(contents.join('\n')).digest('hex').slice(0, 12);
        const worker = bundle['service-worker.js'];
        if (worker?.type !== 'chunk') return;
        worker.code = worker.code.replace(/(["'`])__FILES__\1/, JSON.stringify(JSON.stringify(files))).replace('__VERSION__', version);
      },
    },
  };
}

/** Beside every text file its gzip and brotli: the service hands out what the browser takes, and compresses nothing itself. */
function compressed(): Plugin {
  return {
    name: 'skyeye-compressed',
    async writeBundle({ dir = '' }, bundle) {
      const texts = Object.keys(bundle).filter((name) => /\.(?:js|css|html)$/.test(name));
      await Promise.all(
        texts.map(async (name) => {
          const content = await readFile(join(dir, name));
          await writeFile(join(dir, `${name}.gz`), gzipSync(content, { level: 9 }));
          await writeFile(join(dir, `${name}.br`), brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }));
        }),
      );
    },
  };
}

/** Addresses are relative: the app works below any path. */
export default defineConfig({
  base: './',
  plugins: [react(), precache(), compressed()],
  build: {
    target: 'es2022',
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        main: fileURLToPath(new URL('index.html', import.meta.url)),
        'service-worker': fileURLToPath(new URL('src/service-worker.ts', import.meta.url)),
      },
      output: { entryFileNames: (chunk) => (chunk.name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js') },
    },
  },
  server: { proxy: { '/api': process.env['SKYEYE_FIELD_API'] ?? 'http://127.0.0.1:28091' } },
});
