import { nearestWord } from '@skyeye/foundation';
import type { Argument, CallExpression, Expression, Selector, SequenceExpression, Window } from './ast.ts';
import { checkFilter } from './checker-filter.ts';
import { FUNCTIONS } from './functions/index.ts';
import type { ArgumentType } from './functions/entry.ts';
import { LanguageError } from './language-error.ts';
import { LIMITS } from './limits.ts';
import { readFormula } from './parser.ts';
import { ENTITY_TYPES, commonFields, entityTypeOf, fieldTypes, streamsOf, type Schema } from './schema.ts';
import { BOOLEAN, describeType, number, productUnit, quotientUnit, typeOfField, unify, type Type } from './types.ts';

export interface CheckOptions {
  readonly schema: Schema;
  /** The text the tree was parsed from, for positions in messages. */
  readonly source: string;
  /** Streams whose events may be current, for the type of `cur.<field>`. All streams when absent. */
  readonly triggers?: readonly string[];
  /** Kind of key; not looked at when absent. Functions over the money graph are of accounts. */
  readonly keyType?: string;
}

/**
 * Infers type and unit of a formula and refuses what makes no sense: unknown stream, field, enum member or attribute,
 * fen added to seconds, a comparison of unlike things, `prev` outside a sequence.
 * @throws LanguageError at the place of the first mistake
 */
export function checkFormula(ast: Expression, options: CheckOptions): Type {
  const { type, errors } = typeOf(ast, options);
  const [first] = errors;
  if (first !== undefined) throw first;
  return type;
}

/** What is known of a formula's text: its tree and type as far as they go, and every mistake, in the order of the text. */
export interface Diagnosis {
  /** null when the text could not be read to its end. */
  readonly ast: Expression | null;
  /** null unless there is no mistake. */
  readonly type: Type | null;
  readonly errors: readonly LanguageError[];
}

/** Reads and checks a formula and collects the mistakes instead of stopping at the first. Cost: linear in the length. */
export function diagnoseFormula(source: string, options: Omit<CheckOptions, 'source'>): Diagnosis {
  const { ast, errors } = readFormula(source);
  const checked = ast === null ? undefined : typeOf(ast, { ...options, source });
  const all = [...errors, ...(checked?.errors ?? [])].sort((a, b) => a.position.offset - b.position.offset);
  return { ast, type: all.length === 0 ? (checked?.type ?? null) : null, errors: all };
}

function typeOf(ast: Expression, options: CheckOptions): { readonly type: Type; readonly errors: readonly LanguageError[] } {
  const checker = new Checker(options);
  const type = checker.expression(ast);
  if (type.kind === 'word')
    checker.errors.push(
      checker.fail(ast.at, `"${type.word}" is no value by itself`, { suggestion: nearestWord(type.word, [...FUNCTIONS.keys()]) }),
    );
  return { type, errors: checker.errors };
}

const NULL: Type = { kind: 'null' };

export class Checker {
  readonly schema: Schema;
  readonly errors: LanguageError[] = [];
  readonly #source: string;
  readonly #triggers: readonly string[];
  #keyType: string | undefined;

  constructor({ schema, source, triggers, keyType }: CheckOptions) {
    this.#keyType = keyType;
    this.schema = schema;
    this.#source = source;
    this.#triggers = [...new Set((triggers ?? Object.keys(schema.streams)).flatMap((name) => streamsOf(schema, name) ?? []))];
  }

  fail(offset: number, problem: string, more: { expected?: readonly string[]; suggestion?: string | undefined } = {}): LanguageError {
    return new LanguageError({ source: this.#source, offset, problem, ...more });
  }

  /** Keeps a mistake and goes on with `otherwise`, so that the rest of the formula is looked at too. */
  attempt<T>(check: () => T, otherwise: T): T {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
      this.errors.push(error);
      return otherwise;
    }
  }

  /**
   * Type of a formula. One with a mistake counts as null, which goes with everything. Written without {@link attempt}: a
   * long chain of operators is as deep as it is long, and each frame counts.
   */
  expression(node: Expression): Type {
    try {
      switch (node.kind) {
        case 'number':
          return number('plain', node.whole);
        case 'duration':
          return number('ms', false);
        case 'fen':
          return number('fen', true);
        case 'boolean':
          return BOOLEAN;
        case 'null':
          return { kind: 'null' };
        case 'word':
          return { kind: 'word', word: node.word };
        case 'current':
          return this.currentField(node.field, node.at);
        case 'dimension':
          return this.#dimension(node.name, node.at);
        case 'and':
        case 'or':
          this.#truth(node.left);
          this.#truth(node.right);
          return BOOLEAN;
        case 'not':
          this.#truth(node.operand);
          return BOOLEAN;
        case 'negative':
          return this.#number(node.operand);
        case 'compare':
          return this.#comparison(node);
        case 'arithmetic':
          return this.#arithmetic(node);
        case 'sequence':
          return this.#sequence(node);
        case 'of':
          return this.#of(node);
        case 'call':
          return this.#call(node);
      }
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
      this.errors.push(error);
      return NULL;
    }
  }

  currentField(field: string, at: number): Type {
    const having = this.#triggers.filter((stream) => fieldTypes(this.schema, [stream], field) !== undefined);
    if (having.length === 0) {
      const names = this.#triggers.flatMap((stream) => Object.keys(this.schema.streams[stream] ?? {}));
      throw this.fail(at, `no triggering event (${this.#triggers.join(', ')}) has a field "${field}"`, {
        suggestion: nearestWord(field, [...new Set(names)]),
      });
    }
    return this.#merged(fieldTypes(this.schema, having, field) ?? [], `cur.${field}`, at);
  }

  /** Type of a field that every stream of the selector has. */
  streamField(selector: Selector, field: string, at: number): Type {
    const streams = this.#streams(selector);
    const types = fieldTypes(this.schema, streams, field);
    if (types === undefined) {
      throw this.fail(at, `no field "${field}" in stream ${selector.stream}`, {
        suggestion: nearestWord(field, commonFields(this.schema, streams)),
      });
    }
    return this.#merged(types, `${selector.stream}.${field}`, at);
  }

  selector(selector: Selector, inSequence: boolean): void {
    this.#streams(selector);
    if (selector.filter !== null) checkFilter(this, selector, selector.filter, inSequence);
  }

  #streams(selector: Selector): readonly string[] {
    const streams = streamsOf(this.schema, selector.stream);
    if (streams !== undefined) return streams;
    const names = [...Object.keys(this.schema.streams), ...Object.keys(this.schema.aliases)];
    throw this.fail(selector.at, `there is no stream "${selector.stream}"`, {
      expected: ['a stream'],
      suggestion: nearestWord(selector.stream, names),
    });
  }

  #merged(types: readonly Parameters<typeof typeOfField>[0][], name: string, at: number): Type {
    let merged: Type = { kind: 'null' };
    for (const type of types) {
      const next = unify(merged, typeOfField(type));
      if (next === undefined) throw this.fail(at, `${name} has different types in different streams`);
      merged = next;
    }
    return merged;
  }

  #dimension(name: string, at: number): Type {
    const dim = Object.hasOwn(this.schema.dims, name) ? this.schema.dims[name] : undefined;
    if (dim === undefined)
      throw this.fail(at, `there is no attribute "${name}"`, { suggestion: nearestWord(name, Object.keys(this.schema.dims)) });
    return typeOfField(dim);
  }

  #truth(node: Expression): void {
    const type = this.expression(node);
    if (type.kind !== 'boolean' && type.kind !== 'null')
      this.errors.push(this.fail(node.at, `true or false is needed, this is ${describeType(type)}`));
  }

  #number(node: Expression): Extract<Type, { kind: 'number' }> {
    const type = this.expression(node);
    if (type.kind === 'null') return { kind: 'number', unit: 'plain', whole: true };
    if (type.kind !== 'number')
      throw this.fail(
        node.at,
        `a number is needed, this is ${describeType(type)}`,
        type.kind === 'boolean' ? { expected: ['b2i(…) around it'] } : {},
      );
    return type;
  }

  #comparison(node: Extract<Expression, { kind: 'compare' }>): Type {
    const left = this.expression(node.left);
    const right = this.expression(node.right);
    this.comparable({ left, right, operator: node.operator, at: node.at });
    return BOOLEAN;
  }

  /** Refuses `dim.occ == finanse`, `amt > 5m`, `dir < in`. */
  comparable({ left, right, operator, at }: { left: Type; right: Type; operator: string; at: number }): void {
    for (const [word, other] of [
      [left, right],
      [right, left],
    ] as const) {
      if (word.kind === 'word' && other.kind === 'enum' && other.members !== null && !other.members.includes(word.word)) {
        throw this.fail(at, `"${word.word}" is not one of {${other.members.join(',')}}`, {
          suggestion: nearestWord(word.word, other.members),
        });
      }
    }
    const common = unify(left, right);
    if (common === undefined) throw this.fail(at, `${describeType(left)} cannot be compared with ${describeType(right)}`);
    if (operator !== '==' && operator !== '!=' && common.kind !== 'number' && common.kind !== 'null') {
      throw this.fail(at, `"${operator}" orders numbers, this is ${describeType(common)}`, { expected: ['"=="', '"!="'] });
    }
  }

  #arithmetic(node: Extract<Expression, { kind: 'arithmetic' }>): Type {
    const left = this.#number(node.left);
    const right = this.#number(node.right);
    const whole = left.whole && right.whole && node.operator !== '/';
    const literalMs = node.right.kind === 'duration' ? node.right.ms : undefined;
    const unit =
      node.operator === '*'
        ? productUnit(left.unit, right.unit)
        : node.operator === '/'
          ? quotientUnit(left.unit, right.unit, literalMs)
          : this.#sumUnit(left, right, node.operator);
    if (unit === undefined) throw this.fail(node.at, `${describeType(left)} ${node.operator} ${describeType(right)} has no meaning`);
    return number(unit, whole);
  }

  #sumUnit(left: Type, right: Type, operator: string): string | undefined {
    if (left.kind !== 'number' || right.kind !== 'number') return undefined;
    if (left.unit === 'instant' || right.unit === 'instant') {
      if (operator === '-' && left.unit === right.unit) return 'ms';
      return left.unit === 'instant' && right.unit === 'ms' ? 'instant' : undefined;
    }
    const common = unify(left, right);
    return common?.kind === 'number' ? common.unit : undefined;
  }

  #sequence(node: SequenceExpression): Type {
    this.attempt(() => this.#window(node.window, node.at), undefined);
    this.attempt(() => this.selector(node.first, false), undefined);
    for (const { selector } of node.next) this.attempt(() => this.selector(selector, true), undefined);
    return BOOLEAN;
  }

  #of(node: Extract<Expression, { kind: 'of' }>): Type {
    this.attempt(() => this.#key(node), undefined);
    const outer = this.#keyType;
    this.#keyType = node.entityType;
    const type = this.expression(node.body);
    this.#keyType = outer;
    return type;
  }

  #key(node: Extract<Expression, { kind: 'of' }>): void {
    if (entityTypeOf(node.entityType) === undefined) {
      throw this.fail(node.at, `there is no entity type "${node.entityType}"`, {
        expected: [...ENTITY_TYPES],
        suggestion: nearestWord(node.entityType, [...ENTITY_TYPES]),
      });
    }
    const before = this.errors.length;
    const key = this.expression(node.key);
    if (key.kind !== 'id' && this.errors.length === before)
      throw this.fail(node.key.at, `a key is an identifier, this is ${describeType(key)}`);
  }

  #call(node: CallExpression): Type {
    const entry = FUNCTIONS.get(node.name);
    if (entry === undefined) throw this.fail(node.at, `there is no function "${node.name}"`);
    const before = this.errors.length;
    const types = node.args.map((argument) => this.attempt(() => this.#argument(argument), null));
    if (this.errors.length > before) return NULL;
    const problem = entry.refuses?.(node.args, types);
    if (problem !== undefined) throw this.fail(node.args[problem.argument]?.at ?? node.at, problem.says);
    if (entry.needsFieldOf !== undefined) this.#fieldsNamed(node, entry.needsFieldOf);
    if (entry.graph === true) this.#graph(node);
    const result = entry.result(types);
    if (result === undefined)
      throw this.fail(
        node.at,
        `${node.name}() cannot take ${types.flatMap((type) => (type === null ? [] : [describeType(type)])).join(' and ')}`,
      );
    return result;
  }

  #argument(argument: Argument): ArgumentType {
    if (argument.kind === 'expression') return this.expression(argument.expression);
    if (argument.kind === 'window') this.#window(argument.window, argument.at);
    if (argument.kind !== 'selector') return null;
    this.selector(argument, false);
    return argument.field === null ? null : this.streamField(argument, argument.field, argument.fieldAt ?? argument.at);
  }

  /** open(A, B, k, w): k must be a field of both. */
  #fieldsNamed(node: CallExpression, index: number): void {
    const name = node.args[index];
    if (name?.kind !== 'name') return;
    for (const argument of node.args) if (argument.kind === 'selector') this.streamField(argument, name.name, name.at);
  }

  #graph(node: CallExpression): void {
    if (this.#keyType !== undefined && this.#keyType !== 'acct')
      throw this.fail(
        node.at,
        `${node.name}() follows money between accounts, and the key is of kind "${this.#keyType}"; write of(acct=…, ${node.name}(…)), or key the feature by acct`,
      );
    for (const argument of node.args) {
      if (argument.kind === 'window' && argument.window.kind !== 'last')
        throw this.fail(argument.at, `${node.name}() takes a plain window`, { expected: ['a duration such as 24h'] });
      if (
        argument.kind === 'value' &&
        argument === node.args[0] &&
        (!argument.whole || argument.value < 1 || argument.value > LIMITS.hops)
      ) {
        throw this.fail(argument.at, `${argument.value} is outside the limit hops: 1 to ${LIMITS.hops}, whole`);
      }
    }
  }

  #window(window: Window, at: number): void {
    if (window.kind !== 'since') return;
    const type = this.currentField(window.field, at);
    if (type.kind !== 'number' || type.unit !== 'instant')
      throw this.fail(at, `a window begins at a time, cur.${window.field} is ${describeType(type)}`);
  }
}
