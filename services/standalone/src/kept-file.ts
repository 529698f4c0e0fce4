import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Replaces a file as a whole: whoever is killed in between leaves the old one or the new one. Cost: one fsync. */
export function replaceFile(path: string, content: string, mode = 0o600): void {
  const beside = `${path}.${process.pid}.new`;
  writeFileSync(beside, content, { mode, flush: true });
  renameSync(beside, path);
}

/** What a file holds that is made once, whole, and then kept: keys and secrets. */
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
