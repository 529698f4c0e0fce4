import { renameSync, writeFileSync } from 'node:fs';

/** Replaces a file as a whole: whoever is killed in between leaves the old one or the new one. Cost: one fsync. */
export function replaceFile(path: string, content: string, mode = 0o600): void {
  const beside = `${path}.${process.pid}.new`;
  writeFileSync(beside, content, { mode, flush: true });
  renameSync(beside, path);
}
