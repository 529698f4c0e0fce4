import react from '@vitejs/plugin-react';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

/** Addresses are relative: the app works below any path. */
export default defineConfig({
  base: './',
  plugins: [react(), precache()],
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
