import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SkyeyeError } from '@skyeye/foundation';
import { banner, demoLines, dockerAnswers, startCluster, startInDocker, startOptions, valuesOf } from '../src/index.ts';

const startedMs = performance.now();
const root = resolve(import.meta.dirname, '../../..');
const values = valuesOf(startOptions, 'pnpm start:cluster --');
const folder = resolve(values.data);
const ports = { console: values.port, field: values.port + 1, bank: values.port + 2 };
const simulator = !values.withoutSimulator;
const hasDemo = simulator || values.demoAccounts;
const say = (line: string): void => void process.stdout.write(`· ${line}\n`);

/** What to do, for the mistakes that a person makes. */
const ADVICE: Readonly<Record<string, string>> = {
  CLUSTER_PORT_TAKEN: 'Give another one with --port (three in a row are needed).',
  CLUSTER_FOLDER_NOT_OURS: 'Give another folder with --data, or start the version that wrote it.',
  STREAM_FOLDER_IN_USE: 'Another start:cluster runs on this folder. Stop it, or give another one with --data.',
  CLUSTER_NOT_READY: `Its log is in ${join(folder, 'log')}.`,
  CLUSTER_KEEPS_ENDING: `Its log is in ${join(folder, 'log')}.`,
};

async function local(): Promise<void> {
  const interrupt = new AbortController();
  let onSignal = (): void => interrupt.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => onSignal());
  const cluster = await startCluster({ ...values, root, folder, ports, simulator, demo: hasDemo, say, interrupt: interrupt.signal });
  let stopping = false;
  const stop = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    say('stopping');
    await cluster.stop();
    process.exit(code);
  };
  onSignal = () => void stop(0);
  cluster.failed.catch((error: unknown) => {
    tell(error);
    return stop(1);
  });
  const demo = !hasDemo ? null : await demoLines(cluster.keyFolder);
  const file = join(folder, 'accounts.txt');
  if (demo !== null) writeFileSync(file, `${demo.all.join('\n')}\n`, { mode: 0o600 });
  const kafka = cluster.brokers.join(',');
  const seconds = (performance.now() - startedMs) / 1000;
  process.stdout.write(`${banner({ host: values.host, ports, kafka, demo: demo === null ? null : { ...demo, file }, seconds })}\n`);
}

function tell(error: unknown): void {
  if (!(error instanceof SkyeyeError)) throw error;
  const facts = Object.entries(error.facts).map(([name, value]) => `${name}: ${String(value)}`);
  process.stderr.write(`${error.message}. ${facts.join('; ')}\n${ADVICE[error.code] ?? ''}\n(${error.code})\n`);
}

const useDocker = values.servers === 'docker' || (values.servers === 'auto' && (await dockerAnswers()));
try {
  if (useDocker) process.exitCode = await startInDocker({ ...values, root, folder, say });
  else await local();
} catch (error) {
  tell(error);
  process.exitCode = 1;
}
