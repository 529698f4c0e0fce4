import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Makes folders hold exactly these files (by path below `root`), or with `checkOnly` says what differs.
 * @returns the exit code: 1 when something is stale or left over
 */
export function keepFiles({
  root,
  folders,
  files,
  checkOnly,
}: {
  readonly root: string;
  readonly folders: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly checkOnly: boolean;
}): 0 | 1 {
  const stale = Object.entries(files).filter(
    ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text,
  );
  const left = folders
    .flatMap((folder) => (existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}`) : []))
    .filter((path) => files[path] === undefined);
  if (checkOnly) {
    for (const [path] of stale) console.error(`${join(root, path)} is stale`);
    for (const path of left) console.error(`${join(root, path)} is written by nobody any more`);
    return stale.length + left.length > 0 ? 1 : 0;
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const path of left) rmSync(join(root, path));
  return 0;
}
