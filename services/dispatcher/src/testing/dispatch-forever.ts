import { ManualClock } from '@skyeye/foundation';
import { openLedger } from '@skyeye/ledger';
import { createEmbeddedLog } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import { app } from '../app.ts';
import { geo, T0 } from './dispatching.ts';

/** A dispatcher in a process of its own, to be killed: folder of the log, URL of the ledger. */
const [folder = '', url = ''] = process.argv.slice(2);
const telemetry = silentTelemetry();
const log = createEmbeddedLog({ folder, telemetry });
const dispatcher = app({
  log,
  ledger: openLedger({ url }),
  telemetry,
  clock: new ManualClock(T0),
  wallNowMs: Date.now,
  places: geo,
  seal: () => '',
  push: null,
});
await dispatcher.start();
process.stdout.write('started\n');
await dispatcher.failed;
