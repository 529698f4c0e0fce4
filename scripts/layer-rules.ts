import { posix } from 'node:path';
import { CLIENTS, LAYERS, PURE } from './layers.ts';

/** One source file: its path below the repository's root, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** A workspace's folder and the workspace packages its package.json declares, without the scope. */
export interface Manifest {
  readonly folder: string;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

/** What tests may import from anywhere. It is declared as a devDependency. */
const FOR_TESTS = 'testkit';

/** What a simulation knows to be true. Tests and training commands compare with it; a running part must never see it. */
const TRUTH: readonly string[] = ['@skyeye/simulator/labels', '@skyeye/simulator/measured'];

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
const isCommand = (path: string): boolean => /\/bin\//.test(path);

/**
 * Every module a source names: static and dynamic imports, re-exports, require. Line comments are left out; a name built
 * at run time is not seen.
 */
export function importsOf(text: string): readonly string[] {
  const code = text.replaceAll(/^\s*(?:\/\/|\*).*$/gm, '');
  const found = code.matchAll(/(?:^|[\s;}])(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1|\brequire(?:\.resolve)?\s*\(\s*(['"])([^'"\n]+)\3/g);
  return [...found].map((match) => match[2] ?? match[4] ?? '');
}

/** The sentences about everything in these sources that crosses the layering. None is the good answer. */
export function layerViolations(sources: readonly Source[], layers = LAYERS): readonly string[] {
  const folders = Object.keys(layers).toSorted((a, b) => b.length - a.length);
  return sources.flatMap(({ path, text }) => {
    const folder = folders.find((candidate) => path.startsWith(`${candidate}/`));
    if (folder === undefined) return [];
    return importsOf(text)
      .flatMap((name) => violation({ path, folder, name, allowed: layers[folder] ?? [] }) ?? [])
      .concat(timeViolations(path, folder, text));
  });
}

function violation({
  path,
  folder,
  name,
  allowed,
}: {
  path: string;
  folder: string;
  name: string;
  allowed: readonly string[];
}): string | undefined {
  if (name.startsWith('.')) {
    const target = posix.join(posix.dirname(path), name);
    const inside =
      target.startsWith(`${folder}/`) &&
      !(folder.startsWith('services/') && !folder.endsWith('/web') && target.startsWith(`${folder}/web/`));
    return inside ? undefined : `${path}: "${name}" leaves ${folder}; import the package by its name`;
  }
  const ours = /^@skyeye\/([^/]+)(\/.+)?$/.exec(name);
  if (ours !== null) {
    const [, target = '', inner] = ours;
    if (inner !== undefined && TRUTH.includes(name))
      return isTest(path) || isCommand(path)
        ? undefined
        : `${path}: "${name}" is the truth of a simulation; nothing that scores may see it`;
    if (inner !== undefined) return `${path}: "${name}" reaches into another package; it exposes its index only`;
    if (`packages/${target}` === folder || `services/${target}` === folder) return `${path}: "${name}" is this package itself`;
    if (allowed.includes(target) || (target === FOR_TESTS && isTest(path))) return undefined;
    return `${path}: ${folder} may not depend on "${target}" (scripts/layers.ts)`;
  }
  if (PURE.includes(folder) && name.startsWith('node:') && !isTest(path) && !isCommand(path)) {
    return `${path}: a pure package may not import "${name}"; take what it gives as an argument`;
  }
  const client = Object.keys(CLIENTS).find((known) => name === known || name.startsWith(`${known}/`));
  if (client !== undefined && !isTest(path) && CLIENTS[client]?.includes(path) !== true) {
    return `${path}: "${name}" may be imported in ${CLIENTS[client]?.join(' and ')} only`;
  }
  return undefined;
}

/** The linter sees Date.now and Math.random; that `new Date()` also reads the clock it cannot tell from `new Date(ms)`. */
function timeViolations(path: string, folder: string, text: string): readonly string[] {
  if (!PURE.includes(folder) || isTest(path) || isCommand(path)) return [];
  return /\bnew Date(?:\(\s*\)|[^\w(])/.test(text.replaceAll(/^\s*(?:\/\/|\*).*$/gm, ''))
    ? [`${path}: "new Date()" reads the clock; take the time as an argument`]
    : [];
}

/** The sentences about every difference between the table and what the package.json files declare. */
export function manifestViolations(manifests: readonly Manifest[], layers = LAYERS): readonly string[] {
  const listed = new Set(Object.keys(layers));
  const mistakes = manifests.flatMap(({ folder, dependencies, devDependencies }) => {
    listed.delete(folder);
    const allowed = layers[folder];
    if (allowed === undefined) return [`${folder} is not in scripts/layers.ts`];
    const dev = devDependencies.filter((name) => name !== FOR_TESTS);
    return [
      ...[...dependencies, ...dev]
        .filter((name) => !allowed.includes(name))
        .map((name) => `${folder}/package.json: may not depend on "${name}" (scripts/layers.ts)`),
      ...allowed
        .filter((name) => !dependencies.includes(name))
        .map((name) => `${folder}: scripts/layers.ts allows "${name}", package.json does not declare it`),
    ];
  });
  return [...mistakes, ...[...listed].map((folder) => `scripts/layers.ts names ${folder}, which does not exist`)];
}
