import { readFileSync } from 'node:fs';
import { languageSchema, parseCatalogue, readExampleEvents } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import {
  Compiler,
  Context,
  entityTypeOf,
  FUNCTIONS,
  LIMITS,
  NO_HOLIDAYS,
  parseFormula,
  staticDimensions,
  type Value,
} from '@skyeye/language';
import { expect, test } from 'vitest';
import { FastEngine } from '../fast/fast-engine.ts';
import { planOf } from '../plan.ts';
import { pointsOf, worldOf } from './points.ts';

const SPEC = readFileSync(new URL('../../../language/SPEC.md', import.meta.url), 'utf8');

interface Example {
  readonly formula: string;
  readonly keyType: string;
  readonly lines: readonly string[];
  readonly black: Readonly<Record<string, number>>;
  readonly value: Value;
}

function valueOf(text: string): Value {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  return text.endsWith('y') ? Number(text.slice(0, -1)) * 100 : Number(text);
}

function exampleOf(body: string): Example {
  const lines = body.trimEnd().split('\n');
  const [, formula = '', keyType = ''] = /^(.+?) +for (\w+) K$/.exec(lines[0] ?? '') ?? [];
  const [, value = ''] = /^= (\S+)/.exec(lines.at(-1) ?? '') ?? [];
  const inner = lines.slice(1, -1).map((line) => line.trim());
  const dims = inner.flatMap((line) =>
    [...line.matchAll(/^dims acct (\w+) black=(\d)$/g)].map(([, acct = '', black]) => [acct, Number(black)]),
  );
  return {
    formula,
    keyType,
    lines: inner.filter((line) => !line.startsWith('dims ')),
    black: Object.fromEntries(dims) as Record<string, number>,
    value: valueOf(value),
  };
}

/** The value of a formula for key K at the last event, by both evaluators. */
function both({ formula, keyType, lines, black }: Omit<Example, 'value'>): { slow: Value; fast: Value | undefined } {
  const entityType = entityTypeOf(keyType) ?? 'acct';
  const events: StreamEvent[] = readExampleEvents(lines, { [entityType]: 'K' });
  const last = events.at(-1);
  if (last === undefined) throw new Error('an example has an event');
  const dims = staticDimensions(Object.entries(black).map(([acct, level]) => ['acct', acct, { black: level }] as const));
  const facts = { events, dims, holidays: NO_HOLIDAYS };
  const slow = new Compiler(languageSchema).compile(parseFormula(formula))(new Context(worldOf(facts), entityType, 'K', last));
  const family = { file: 'spec.yaml', group: 'A', name: { zh: '例', en: 'example' } };
  const entry = {
    id: 'spec_example',
    name: { zh: '例', en: 'example' },
    question: 'what?',
    keyedBy: keyType,
    trigger: last.stream,
    formula,
    type: 'float',
    unit: 'count',
    fires: { when: '>=1', weight: 1, reason: { zh: '例', en: 'example' } },
    scams: 'all',
    hardNegatives: { says: [], scripts: [] },
    timeliness: 'near',
    definition: '例',
    examples: [{ says: 'one', given: ['call in @ 0s'], at: '0s', gives: 0 }],
  };
  const catalogue = parseCatalogue([{ family, features: [entry] }]);
  const engine = new FastEngine({ plan: planOf(catalogue), holidays: NO_HOLIDAYS, dims, scope: 'all', stamped: true, reachMs: Infinity });
  const folded = events.map((event) => engine.ingest([event])[0]?.evaluations ?? []);
  const [feature] = catalogue.features;
  if (feature === undefined) throw new Error('the catalogue has the feature');
  const points = [...pointsOf({ keyType, triggers: feature.triggers, ast: feature.ast, fires: feature.fire }, facts, 'K')];
  expect(points.at(-1)?.value).toEqual(slow);
  return { slow, fast: folded.at(-1)?.find(({ key }) => key === 'K')?.value };
}

const examples = [...SPEC.matchAll(/```example (\w+)\n([\s\S]*?)```/g)].map(([, name = '', body = '']) => [name, exampleOf(body)] as const);

test('every function has a worked example', () => {
  expect(examples.map(([name]) => name).toSorted()).toEqual([...FUNCTIONS.keys(), 'seq', 'of'].toSorted());
  for (const [name, { formula }] of examples) expect(formula, name).toContain(`${name}(`);
});

test.each(examples)('the example of %s holds with both evaluators', (_name, example) => {
  const { slow, fast } = both(example);
  expect({ slow, fast }).toEqual({ slow: example.value, fast: example.value });
});

const values = [...SPEC.matchAll(/```values\n([\s\S]*?)```/g)].flatMap(([, body = '']) => body.trim().split('\n'));

test.each(values)('%s', (line) => {
  const [, formula = '', value = ''] = /^(.+) = (\S+)$/.exec(line) ?? [];
  const { slow, fast } = both({ formula, keyType: 'acct', lines: ['fund out 5y @ 0s'], black: {} });
  expect({ slow, fast }).toEqual({ slow: valueOf(value), fast: valueOf(value) });
});

test('the SPEC names every limit with its number', () => {
  for (const [name, limit] of Object.entries(LIMITS)) {
    const row = SPEC.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    const shown = name === 'windowMs' ? `${limit / 86_400_000} days` : String(limit);
    expect(row?.split('|')[2]?.trim(), name).toBe(shown);
  }
});
