import react from '@vitejs/plugin-react';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

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

/** Addresses are relative, so the console works below any path; routes live behind the hash, so any static server serves it. */
export default defineConfig({
  base: './',
  plugins: [react(), compressed()],
  build: { target: 'es2023', sourcemap: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 1200, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': process.env['SKYEYE_CONSOLE_API'] ?? 'http://127.0.0.1:28090' } },
});
