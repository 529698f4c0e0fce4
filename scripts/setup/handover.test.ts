import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const HANDOVER = new URL('./handover.mjs', import.meta.url).href;

let folder: string;
let started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-'));
});

afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started = [];
  rmSync(folder, { recursive: true, force: true });
});

/** A start script that hands over to a program which counts SIGTERM, drains for a moment, and exits with 7. */
async function startScript(): Promise<{ parent: ChildProcess; childPid: number; said: () => string }> {
  const program = join(folder, 'program.mjs');
  writeFileSync(
    program,
    `let signals = 0;
     for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => { signals += 1; setTimeout(() => { console.log('drained after', signals, name, process.argv[2]); process.exit(7); }, 100); });
     setInterval(() => {}, 1000);
     console.log('up', process.pid);`,
  );
  const script = `import { handOver } from ${JSON.stringify(HANDOVER)}; handOver([${JSON.stringify(program)}, '--port=1']);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(parent);
  let said = '';
  const up = new Promise<number>((resolve) => {
    parent.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const pid = /up (\d+)/.exec(said)?.[1];
      if (pid !== undefined) resolve(Number(pid));
    });
  });
  return { parent, childPid: await up, said: () => said };
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
};

test('a signal reaches the program, which drains, and its exit code and arguments pass through', async () => {
  const { parent, said } = await startScript();
  parent.kill('SIGTERM');
  const [code] = await once(parent, 'close');
  expect(code).toBe(7);
  expect(said()).toContain('drained after 1 SIGTERM --port=1');
});

test('the same signal from the terminal, npm and the start script is one wish', async () => {
  const { parent, childPid, said } = await startScript();
  process.kill(childPid, 'SIGINT');
  parent.kill('SIGINT');
  await once(parent, 'close');
  expect(said()).toContain('drained after 1 SIGINT');
});

test('the program drains and goes when its start script is killed without warning', async () => {
  const { parent, childPid } = await startScript();
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const deadlineMs = Date.now() + 5000;
  while (alive(childPid) && Date.now() < deadlineMs) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(alive(childPid)).toBe(false);
});
