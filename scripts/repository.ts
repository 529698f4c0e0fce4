import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, Source } from './layer-rules.ts';

/** The repository's root folder. */
export const ROOT = join(import.meta.dirname, '..');

/** Folders that hold nothing written by hand. */
const NOT_OURS = /(?:^|\/)(?:node_modules|dist|\.turbo|\.git|coverage|artefacts)(?:\/|$)/;

/** Files matching a glob, below the root, in a stable order. */
export function filesMatching(pattern: string | readonly string[]): readonly string[] {
  return globSync(pattern, { cwd: ROOT, exclude: (name) => NOT_OURS.test(name) })
    .filter((path) => !NOT_OURS.test(path))
    .toSorted();
}

/** The same with their texts. */
export function sourcesMatching(pattern: string | readonly string[]): readonly Source[] {
  return filesMatching(pattern).map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** Every file that is, or with the next commit will be, part of the repository. Outside a checkout: those of our folders. */
export function keptFiles(): readonly string[] {
  if (!existsSync(join(ROOT, '.git'))) return filesMatching(['*', '{packages,services,scripts,test,docker}/**/*.*']);
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

/** The messages of all commits; none outside a checkout. */
export function commitMessages(): readonly { readonly id: string; readonly text: string }[] {
  if (!existsSync(join(ROOT, '.git'))) return [];
  const log = execFileSync('git', ['log', '--format=%h%x00%B%x01'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 << 20 });
  return log.split('\u0001').flatMap((entry) => {
    const [id = '', text = ''] = entry.trim().split('\0');
    return id === '' ? [] : [{ id, text }];
  });
}

/** What each workspace's package.json declares of ours. */
export function manifests(): readonly Manifest[] {
  return filesMatching(['packages/*/package.json', 'services/*/package.json', 'services/*/web/package.json']).map((path) => {
    const json = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as { dependencies?: object; devDependencies?: object };
    const ours = (names: object = {}): readonly string[] =>
      Object.keys(names).flatMap((name) => (name.startsWith('@skyeye/') ? [name.slice('@skyeye/'.length)] : []));
    return {
      folder: path.replace('/package.json', ''),
      dependencies: ours(json.dependencies),
      devDependencies: ours(json.devDependencies),
    };
  });
}
