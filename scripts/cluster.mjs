// `pnpm start:cluster`: the services as processes of their own on Kafka, Redis and PostgreSQL.
import { fromRoot, handOver } from './setup/handover.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { runMain } from './setup/machine.mjs';
import { ensureWebApps } from './setup/web.mjs';

const args = process.argv.slice(2);
await runMain(async () => {
  await ensureInstalled();
  if (!args.includes('--help') && !args.includes('-h')) await ensureWebApps();
  // kafkajs asks for timers in the past now and then, which is harmless.
  handOver(['--disable-warning=TimeoutNegativeWarning', fromRoot('packages/cluster/bin/start-cluster.ts'), ...args]);
});
