import { execFileSync } from 'node:child_process';
import type { GenericContainer, StartedTestContainer } from 'testcontainers';

/**
 * Public images, each replaced by an environment variable. Containers are used when a Docker engine answers and
 * SKYEYE_TEST_DOCKER=1 or one of the variables is set; else the servers installed on this machine.
 */
export const IMAGES = {
  kafka: { env: 'SKYEYE_TEST_IMAGE_KAFKA', image: 'apache/kafka:4.1.0' },
  redis: { env: 'SKYEYE_TEST_IMAGE_REDIS', image: 'redis:7.4' },
  postgres: { env: 'SKYEYE_TEST_IMAGE_POSTGRES', image: 'postgres:17' },
} as const;

let dockerAnswers: boolean | undefined;

function dockerRuns(): boolean {
  if (dockerAnswers !== undefined) return dockerAnswers;
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 5_000 });
    dockerAnswers = true;
  } catch {
    // No Docker command, or no engine behind it: both mean "not by Docker".
    dockerAnswers = false;
  }
  return dockerAnswers;
}

/** The image to run a server from, or nothing when the server of this machine is to be used. */
export function imageFor(server: keyof typeof IMAGES): string | undefined {
  const { env, image } = IMAGES[server];
  const named = process.env[env];
  if (named === undefined && process.env['SKYEYE_TEST_DOCKER'] !== '1') return undefined;
  return dockerRuns() ? (named ?? image) : undefined;
}

/** Starts a container and makes sure that a failed start leaves nothing behind. */
export async function startContainer(
  image: string,
  configure: (container: GenericContainer) => GenericContainer,
): Promise<StartedTestContainer> {
  const { GenericContainer } = await import('testcontainers');
  return configure(new GenericContainer(image)).withStartupTimeout(60_000).start();
}

const said = new Set<string>();

/** Says once per process which of the two ways a server is started. */
export function announce(server: string, way: string): void {
  const line = `${server}: ${way}`;
  if (said.has(line)) return;
  said.add(line);
  process.stderr.write(`[testkit] ${line}\n`);
}
