import { spawn } from 'node:child_process';
import { ROOT } from './repository.ts';
import { toolEnvironment } from './setup/machine.mjs';

/** One check: a program that says what is wrong and exits with other than 0. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

export interface StepResult {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** Two at a time: the machine that has to be quick enough has two cores. */
const AT_ONCE = 2;
const OUTPUT_KEPT = 20_000;
/** Far above what any step needs; a step that hangs is a failed one. */
const STEP_LIMIT_MS = 300_000;

/** What `pnpm check` runs, the slow ones first. Lint and types are turbo's tasks: unchanged sources cost nothing. */
export function checkSteps(): readonly Step[] {
  const turbo = (task: string): Step['command'] => [
    'turbo',
    'run',
    task,
    '--output-logs=errors-only',
    '--log-order=grouped',
    '--continue=always',
  ];
  return [
    { name: 'types', command: turbo('typecheck') },
    { name: 'lint', command: turbo('lint') },
    {
      name: 'format',
      command: ['prettier', '--check', '--cache', '--log-level=warn', '.'],
    },
    { name: 'unused code', command: ['knip', '--cache', '--no-progress', '--no-config-hints'] },
    { name: 'layers', command: ['node', 'scripts/check-layers.ts'] },
    { name: 'generated files', command: ['node', 'scripts/generated.ts', '--check'] },
    { name: 'file length and forbidden words', command: ['node', 'scripts/check-files.ts'] },
  ];
}

/** Runs the steps, a few at a time, and prints each with its seconds as it ends; what a failed one said comes after it. */
export async function runSteps(steps: readonly Step[], print: (text: string) => void = console.log): Promise<readonly StepResult[]> {
  const results = new Map<string, StepResult>();
  const waiting = [...steps];
  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await runStep(step);
      results.set(step.name, result);
      print(`${result.passed ? '✓' : '✗'} ${step.name} ${result.seconds.toFixed(1)} s`);
      if (!result.passed) print(result.output.trimEnd().replaceAll(/^/gm, '    '));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return steps.flatMap((step) => results.get(step.name) ?? []);
}

function runStep({ name, command: [program, ...args] }: Step): Promise<StepResult> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...toolEnvironment(), NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: STEP_LIMIT_MS,
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      if (output.length < OUTPUT_KEPT) output = (output + chunk.toString()).slice(0, OUTPUT_KEPT);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const end = (passed: boolean, more = ''): void =>
      resolve({ name, passed, seconds: (performance.now() - startedMs) / 1000, output: output + more });
    child.on('error', (error) => end(false, error.message));
    child.on('close', (code, signal) => end(code === 0, signal === null ? '' : `\nended by ${signal}`));
  });
}
