import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** When a process was started, in the system's own words: tells a pid from its later reuse. Nothing when it does not live. */
export function describeProcess(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const { stdout, status } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return status === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie (Z) is dead: only its parent has not looked yet.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    // No such process, which is the answer.
    return undefined;
  }
}
