import { expect, test } from 'vitest';
import { withoutPositions } from './ast.ts';
import { checkFormula } from './checker.ts';
import { parseFire } from './fire.ts';
import { parseFormula } from './parser.ts';
import { printFormula } from './printer.ts';
import { ROWS, SCHEMA, triggersOf } from './testing/fixtures.ts';

/** What a unit of the catalogue's table may be by inference. `x` is a multiple, which is a ratio. */
const INFERRED: Readonly<Record<string, readonly string[]>> = { x: ['ratio'] };

test.each(ROWS)('$id has the unit its row states', (row) => {
  const ast = parseFormula(row.formula);
  const type = checkFormula(ast, { schema: SCHEMA, source: row.formula, triggers: triggersOf(row) });
  expect(INFERRED[row.unit] ?? [row.unit]).toContain(type.kind === 'number' ? type.unit : type.kind === 'boolean' ? 'bool' : type.kind);
  expect(withoutPositions(parseFormula(printFormula(ast)))).toEqual(withoutPositions(ast));
  expect(parseFire(row.fire)(null)).toBe(false);
});
