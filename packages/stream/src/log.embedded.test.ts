import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentTelemetry } from '@skyeye/telemetry';
import { createEmbeddedLog } from './adapters/embedded.ts';
import { logConformance } from './log.conformance.ts';

logConformance('the embedded log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'skyeye-log-'));
  return {
    open: async () => createEmbeddedLog({ folder, telemetry: silentTelemetry() }),
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
});
