import { COMPOSE_SECRETS, composeSecrets, COUNTY, migrateOptions, SERVICES } from '@skyeye/cluster';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';

interface ComposeService {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly profiles?: readonly string[];
}
interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: object;
  readonly networks: object;
}

const ROOT = join(import.meta.dirname, '../..');
const text = readFileSync(join(ROOT, 'docker/compose.yaml'), 'utf8');
const file = parse(text, { merge: true }) as ComposeFile;
const ours = Object.entries(file.services).filter(([, { command }]) => command?.[0]?.endsWith('.ts') === true);
const PUBLIC = new Set(['kafka', 'redis', 'postgres']);

/** Environment names that a program knows, and those it cannot do without, as its own table of options says. */
interface Known {
  readonly all: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
}
const known = new Map<string, Known>();
const envOf = (key: string): string => `SKYEYE_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

beforeAll(async () => {
  for (const [name, { command }] of ours) {
    const path = join(ROOT, dirname(command?.[0] ?? ''), 'options.ts');
    const { entries } = name === 'migrate' ? migrateOptions : ((await import(path)) as { options: typeof migrateOptions }).options;
    const keys = Object.entries(entries);
    known.set(name, {
      all: new Set(keys.map(([key]) => envOf(key))),
      required: new Set(keys.filter(([, { type }]) => !type.safeParse(undefined).success).map(([key]) => envOf(key))),
    });
  }
});

test('every service of the start command is in the compose file, with the same program and no option less', () => {
  for (const entry of [...SERVICES, COUNTY]) {
    const service = file.services[entry.name];
    expect(service?.command, entry.name).toEqual([entry.main]);
    const has = Object.keys(service?.environment ?? {});
    const wanted = entry.env.filter((name) => name !== 'WEB').map((name) => `SKYEYE_${name}`);
    expect(
      wanted.filter((name) => !has.includes(name)),
      entry.name,
    ).toEqual([]);
  }
  expect(ours.map(([name]) => name).toSorted()).toEqual([...SERVICES, COUNTY, { name: 'migrate' }].map(({ name }) => name).toSorted());
});

test('every program exists, every option that is set is one of its own, and none that it needs is missing', () => {
  for (const [name, { command = [], environment = {} }] of ours) {
    expect(existsSync(join(ROOT, command[0] ?? '')), name).toBe(true);
    const { all, required } = known.get(name) ?? { all: new Set(), required: new Set() };
    const set = Object.keys(environment).filter((key) => key.startsWith('SKYEYE_'));
    expect(all.size, name).toBeGreaterThan(3);
    expect(required.size, name).toBeGreaterThan(1);
    expect(
      set.filter((key) => !all.has(key)),
      `${name} does not know`,
    ).toEqual([]);
    expect(
      [...required].filter((key) => !set.includes(key)),
      `${name} needs`,
    ).toEqual([]);
  }
});

test('every service has a health check, and waits for what it needs to be healthy', () => {
  for (const [name, service] of Object.entries(file.services)) {
    expect(service.healthcheck?.test.length, name).toBeGreaterThan(1);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(Object.keys(file.services), name).toContain(other);
      expect(condition).toBe(other === 'migrate' ? 'service_completed_successfully' : 'service_healthy');
    }
    if (!PUBLIC.has(name)) expect(service.image, name).toBe('${SKYEYE_IMAGE:-skyeye}');
    else expect(service.image, name).toMatch(/^(apache\/kafka:4\.1|redis:7|postgres:18)/);
  }
  expect(file.services['county']?.profiles).toEqual(['simulator']);
});

test('ports are on loopback unless told otherwise, and a published one is on a network that can be reached', () => {
  for (const [name, { ports = [], networks = [] }] of Object.entries(file.services)) {
    for (const port of ports) expect(port, name).toMatch(/^(127\.0\.0\.1|\$\{SKYEYE_BIND:-127\.0\.0\.1\}):/);
    if (ports.length > 0) expect(networks, name).toContain('outside');
    for (const network of networks) expect(Object.keys(file.networks), name).toContain(network);
  }
});

test('state is in named volumes', () => {
  const mounted = Object.values(file.services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0] ?? ''));
  expect([...new Set(mounted)].toSorted()).toEqual(Object.keys(file.volumes).toSorted());
});

test('every variable without a default is made by the command that makes the secrets, and no secret stands in the file', () => {
  const variables = new Set([...text.matchAll(/\$\{([A-Z_]+)(?::\?[^}]*)?\}/g)].map(([, name]) => name ?? ''));
  const made = new Set([...composeSecrets().matchAll(/^([A-Z_]+)=.{16,}$/gm)].map(([, name]) => name ?? ''));
  expect([...variables].filter((name) => !made.has(name))).toEqual([]);
  expect(COMPOSE_SECRETS.filter((name) => !variables.has(name))).toEqual([]);
  expect(text).not.toMatch(/:\/\/[a-z_]*:[^$@\s]+@/);
});
