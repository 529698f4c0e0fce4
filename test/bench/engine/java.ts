import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StreamEvent } from '@skyeye/contracts';
import { temporaryFolder } from '../../lib/county.ts';
import { javaInput, statementsOf } from './queries.ts';
import type { PlainFeature } from './plain-features.ts';

const SOURCES = fileURLToPath(new URL('java', import.meta.url));
const FETCH_MS = 240_000;
const RUN_MS = 600_000;

export interface JavaResult {
  /** Events per second. */
  readonly rate: number;
  /** Events that the rate is over, from the first one on; 0 where all were. */
  readonly measured: number;
  /** Bytes of the heap that the tool holds at the end; 0 where it says nothing. */
  readonly bytes: number;
  readonly values: readonly (readonly [event: number, feature: string, value: number | null])[];
}

/** Jars from Maven Central in the cache, fetched the first time. @throws Error that says why they are not there */
function jars(tool: 'esper' | 'flink', version: string): string {
  const home = join(homedir(), '.cache/skyeye', `${tool}-${version}`);
  if (existsSync(home)) return home;
  const part = `${home}.part.${process.pid}`;
  const { status, error, stdout } = spawnSync(
    'mvn',
    ['-q', '-B', '-f', join(SOURCES, `${tool}-pom.xml`), 'dependency:copy-dependencies', `-DoutputDirectory=${part}`],
    {
      encoding: 'utf8',
      timeout: FETCH_MS,
    },
  );
  if (error !== undefined || status !== 0) {
    rmSync(part, { recursive: true, force: true });
    throw new Error(`${tool} ${version} could not be fetched: ${error?.message ?? stdout.split('\n')[0] ?? ''}`);
  }
  renameSync(part, home);
  return home;
}

/** Compiles and runs one of the Java programs over some events. @throws Error that says what is missing */
export async function runJava(options: {
  readonly tool: 'esper' | 'flink';
  readonly version: string;
  readonly program: string;
  readonly features: readonly PlainFeature[];
  readonly events: readonly StreamEvent[];
  readonly arguments: readonly string[];
  readonly java: readonly string[];
}): Promise<JavaResult> {
  const libraries = join(jars(options.tool, options.version), '*');
  const folder = temporaryFolder(`bench-${options.tool}`);
  try {
    const compiled = spawnSync(
      'javac',
      ['-nowarn', '-cp', libraries, '-d', folder.path, ...['Input', options.program].map((name) => join(SOURCES, `${name}.java`))],
      { encoding: 'utf8' },
    );
    if (compiled.error !== undefined || compiled.status !== 0)
      throw new Error(`javac: ${compiled.error?.message ?? compiled.stderr.split('\n')[0] ?? ''}`);
    const file = join(folder.path, 'input.tsv');
    const handle = openSync(file, 'w');
    javaInput(options.features, options.events, (line) => writeSync(handle, `${line}\n`));
    closeSync(handle);
    const text = await output('java', [...options.java, '-cp', `${folder.path}:${libraries}`, options.program, file, ...options.arguments]);
    return read(text, options.features);
  } finally {
    folder.remove();
  }
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: RUN_MS });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return out.join('');
  const said = err
    .join('')
    .split('\n')
    .filter((line) => /Exception|Error/.test(line));
  throw new Error(`${command} ended with ${code}: ${said.slice(0, 3).join('; ') || err.join('').slice(-300)}`);
}

function read(text: string, features: readonly PlainFeature[]): JavaResult {
  const statements = statementsOf(features);
  let [rate, bytes, measured] = [0, 0, 0];
  const values: [number, string, number | null][] = [];
  for (const line of text.split('\n')) {
    const [kind, ...cells] = line.split('\t');
    if (kind === 'rate') rate = Number(cells[0]);
    if (kind === 'bytes') bytes = Number(cells[0]);
    if (kind === 'measured') measured = Number(cells[0]);
    if (kind !== 'value') continue;
    const [number, statement, ...results] = cells;
    statements[Number(statement)]?.features.forEach((feature, index) => {
      const result = results[index];
      // A sum over nothing is null there and 0 here.
      const nothing = feature.function === 'sum' ? 0 : null;
      const value = result === undefined || result === '\\N' ? nothing : Number(result);
      values.push([Number(number), feature.id, feature.function === 'exists' && value !== null ? Math.min(1, value) : value]);
    });
  }
  if (!(rate > 0)) throw new Error(`no rate in what the program says: ${text.slice(0, 200)}`);
  return { rate, measured, bytes, values };
}
