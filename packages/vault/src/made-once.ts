import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * What a file holds that is made once, whole, and then kept: keys and secrets, mode 0600. Whoever is killed in between leaves
 * no file or a whole one, and of two that make it at the same time both get the first. Cost: one read; one fsync when it is made.
 */
export function madeOnce(path: string, make: () => Uint8Array | string): Buffer {
  if (existsSync(path)) return readFileSync(path);
  const beside = `${path}.${process.pid}.new`;
  writeFileSync(beside, make(), { mode: 0o600, flush: true });
  try {
    // A link, not a rename: it never takes the place of one that is there.
    linkSync(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(beside);
  }
  return readFileSync(path);
}
