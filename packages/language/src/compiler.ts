import { assert } from '@skyeye/foundation';
import type { Argument, Expression, Selector, Window } from './ast.ts';
import type { Value } from './event.ts';
import type { CompileArguments, Evaluate } from './functions/entry.ts';
import { FUNCTIONS } from './functions/index.ts';
import { printSelector, printWindow } from './printer.ts';
import { entityTypeOf, type Schema } from './schema.ts';
import { compileSelection, type Selection } from './selection.ts';
import { compileSequence } from './sequence.ts';
import { compare, kleeneAnd, kleeneNot, kleeneOr, numeric } from './value.ts';

/**
 * Turns formulas into functions of a context: the direct reading of the semantics, which looks at every event of the
 * window. Formulas compiled by one compiler share equal selections. Compile only what `checkFormula` accepted.
 */
export class Compiler {
  readonly #schema: Pick<Schema, 'gated'>;
  readonly #selections = new Map<string, Selection>();

  constructor(schema: Pick<Schema, 'gated'>) {
    this.#schema = schema;
  }

  compile(node: Expression): Evaluate {
    switch (node.kind) {
      case 'number':
      case 'boolean':
        return constant(node.value);
      case 'duration':
        return constant(node.ms);
      case 'fen':
        return constant(node.fen);
      case 'null':
        return constant(null);
      case 'word':
        return constant(node.word);
      case 'current': {
        const { field } = node;
        return (context) => context.current?.[field] ?? null;
      }
      case 'dimension': {
        const { name } = node;
        return (context) => context.world.dims.valueAt(context.entityType, context.key, name, context.tMs);
      }
      case 'and': {
        const [left, right] = [this.compile(node.left), this.compile(node.right)];
        return (context) => {
          const first = left(context);
          return first === false ? false : kleeneAnd(first, right(context));
        };
      }
      case 'or': {
        const [left, right] = [this.compile(node.left), this.compile(node.right)];
        return (context) => {
          const first = left(context);
          return first === true ? true : kleeneOr(first, right(context));
        };
      }
      case 'not': {
        const operand = this.compile(node.operand);
        return (context) => kleeneNot(operand(context));
      }
      case 'negative': {
        const operand = this.compile(node.operand);
        return (context) => {
          const value = numeric(operand(context));
          return value === null ? null : 0 - value;
        };
      }
      case 'compare': {
        const [left, right] = [this.compile(node.left), this.compile(node.right)];
        const { operator } = node;
        return (context) => compare(operator, left(context), right(context));
      }
      case 'arithmetic':
        return this.#arithmetic(node);
      case 'of':
        return this.#of(node);
      case 'sequence':
        return compileSequence(node, this.#schema.gated);
      case 'call': {
        const entry = FUNCTIONS.get(node.name);
        assert(entry !== undefined, `no function ${node.name}`);
        return entry.compile(this.#arguments(node.args));
      }
    }
  }

  #arithmetic(node: Extract<Expression, { kind: 'arithmetic' }>): Evaluate {
    const [left, right] = [this.compile(node.left), this.compile(node.right)];
    const { operator } = node;
    return (context) => {
      const x = numeric(left(context));
      const y = numeric(right(context));
      if (x === null || y === null) return null;
      if (operator === '+') return finite(x + y);
      if (operator === '-') return finite(x - y);
      if (operator === '*') return finite(x * y);
      return y === 0 ? null : finite(x / y);
    };
  }

  #of(node: Extract<Expression, { kind: 'of' }>): Evaluate {
    const type = entityTypeOf(node.entityType);
    assert(type !== undefined, `no entity type ${node.entityType}`);
    const [key, body] = [this.compile(node.key), this.compile(node.body)];
    return (context) => {
      const value = key(context);
      return typeof value === 'string' ? body(context.of(type, value)) : null;
    };
  }

  #arguments(args: readonly Argument[]): CompileArguments {
    const at = <K extends Argument['kind']>(index: number, kind: K): Extract<Argument, { kind: K }> => {
      const argument = args[index];
      assert(argument?.kind === kind, `argument ${index} is no ${kind}`);
      return argument as Extract<Argument, { kind: K }>;
    };
    const window = (index: number): Window => at(index, 'window').window;
    return {
      window,
      selection: (index, windowIndex) => this.selection(at(index, 'selector'), window(windowIndex)),
      field: (index) => at(index, 'selector').field ?? '',
      gapMs: (index) => at(index, 'gap').ms,
      number: (index) => at(index, 'value').value,
      name: (index) => at(index, 'name').name,
      expression: (index) => this.compile(at(index, 'expression').expression),
    };
  }

  selection(selector: Selector, window: Window): Selection {
    const text = `${printSelector({ ...selector, field: null })} ${printWindow(window)}`;
    let selection = this.#selections.get(text);
    if (selection === undefined) {
      selection = compileSelection({ selector, window, gated: this.#schema.gated, token: { text } });
      this.#selections.set(text, selection);
    }
    return selection;
  }
}

/** A formula by itself; many formulas over one context are faster through one {@link Compiler}. */
export function compileFormula(ast: Expression, schema: Pick<Schema, 'gated'>): Evaluate {
  return new Compiler(schema).compile(ast);
}

function constant(value: Value): Evaluate {
  return () => value;
}

/** Beyond the largest number there is no value. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
