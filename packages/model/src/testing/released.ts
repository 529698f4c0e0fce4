import { globSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of the models of this repository. */
export function releasedModels(): string[] {
  const root = join(import.meta.dirname, '../../../..');
  return globSync('models/*/*/signature.json', { cwd: root }).map((path) => join(root, path, '..'));
}
