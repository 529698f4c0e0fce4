import { percentile } from '../row.ts';
import type { Run } from './run-county.ts';
import type { Subject } from './subject.ts';

const BATCH = 256;
const PER_SECOND = 20_000;
const LEARN_AT_ONCE = 200;
/** Events during which programs are compiled. */
const WARM = 8_192;

/**
 * Event → assessment, 99 of 100, ms: the run's first events come at 20,000 a second and are folded in batches of 256 by a fresh
 * subject; an event waits for its batch and for the batches before. Where folding cannot follow, the wait grows without bound.
 * Work is counted as processor time, so that neighbours on the machine do not count; the first batches warm up and are left out.
 */
export async function latencyMs({ sample, references }: Run, subject: Subject): Promise<number> {
  for (let from = 0; from < references.length; from += LEARN_AT_ONCE) subject.learn(references.slice(from, from + LEARN_AT_ONCE));
  const waits: number[] = [];
  let freeMs = 0;
  for (let from = 0; from + BATCH <= sample.length; from += BATCH) {
    const startedMs = processorMs();
    await subject.fold(sample.slice(from, from + BATCH));
    if (from < WARM) continue;
    const tookMs = processorMs() - startedMs;
    const fullMs = ((from + BATCH) / PER_SECOND) * 1000;
    freeMs = Math.max(fullMs, freeMs) + tookMs;
    for (let index = 0; index < BATCH; index++) waits.push(freeMs - ((from + index) / PER_SECOND) * 1000);
  }
  return percentile(waits, 0.99);
}

const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
