import { nearestWord } from '@skyeye/foundation';
import type { Expression } from './ast.ts';
import { checkFormula } from './checker.ts';
import { compileFormula } from './compiler.ts';
import { Context, COVERED, staticDimensions } from './context.ts';
import { NO_HOLIDAYS } from './calendar.ts';
import type { Value } from './event.ts';
import { History } from './history.ts';
import { LanguageError } from './language-error.ts';
import { parseFormula } from './parser.ts';
import type { FieldType, Schema } from './schema.ts';
import { describeType } from './types.ts';
import type { Truth } from './value.ts';

/** What a condition reads, by name; a name that is absent is null. */
export type Facts = Readonly<Record<string, Value>>;

/** A compiled condition. */
export interface Condition {
  readonly source: string;
  /** The facts it reads, in the order of the text, each once. */
  readonly names: readonly string[];
  /** Kleene: null where the facts known decide nothing. Cost: linear in the text. */
  test(facts: Facts): Truth;
}

const EMPTY = { aliases: {}, dims: {}, gated: new Set<string>() };
const WORLD = { history: new History({ aliases: {} }), dims: staticDimensions([]), coverage: COVERED, holidays: NO_HOLIDAYS };

/**
 * A condition over named facts, for rules and policies: the operators, literals, units and three truth values of formulas,
 * without streams and windows: `score >= 0.8 && (contact || paying) && pending_fen >= 5000y`.
 * @throws LanguageError for an unknown fact (with the nearest one), unlike units, functions, or what is not true or false
 */
export function parseCondition(source: string, fields: Readonly<Record<string, FieldType>>): Condition {
  const names = new Set<string>();
  const words = new Set(Object.values(fields).flatMap(({ values }) => values ?? []));
  const fail = (at: number, problem: string, more: { expected?: readonly string[]; suggestion?: string | undefined } = {}): LanguageError =>
    new LanguageError({ source, offset: at, problem, ...more });

  function resolve(node: Expression): Expression {
    switch (node.kind) {
      case 'word': {
        if (Object.hasOwn(fields, node.word)) {
          names.add(node.word);
          return { kind: 'current', field: node.word, at: node.at };
        }
        if (words.has(node.word)) return node;
        throw fail(node.at, `there is no fact "${node.word}"`, { suggestion: nearestWord(node.word, [...Object.keys(fields), ...words]) });
      }
      case 'and':
      case 'or':
      case 'compare':
      case 'arithmetic':
        return { ...node, left: resolve(node.left), right: resolve(node.right) };
      case 'not':
      case 'negative':
        return { ...node, operand: resolve(node.operand) };
      case 'call':
      case 'sequence':
      case 'of':
      case 'current':
      case 'dimension':
        throw fail(node.at, 'a condition reads facts, not events', { expected: ['the name of a fact'] });
      default:
        return node;
    }
  }

  const ast = resolve(parseFormula(source));
  const schema: Schema = { ...EMPTY, streams: { facts: fields } };
  const type = checkFormula(ast, { schema, source, triggers: ['facts'] });
  if (type.kind !== 'boolean') throw fail(0, `a condition is true or false, this is ${describeType(type)}`);
  const evaluate = compileFormula(ast, schema);
  return {
    source,
    names: [...names],
    test(facts) {
      const found = evaluate(new Context(WORLD, 'person', '', { tMs: 0, current: { ...facts, stream: 'facts', id: '', t: 0 } }));
      return typeof found === 'boolean' ? found : null;
    },
  };
}
