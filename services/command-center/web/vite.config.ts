import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Addresses are relative, so the console works below any path; routes live behind the hash, so any static server serves it. */
export default defineConfig({
  base: './',
  plugins: [react()],
  build: { target: 'es2023', sourcemap: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 1200, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': process.env['SKYEYE_CONSOLE_API'] ?? 'http://127.0.0.1:28090' } },
});
