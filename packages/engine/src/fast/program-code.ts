import { languageSchema } from '@skyeye/catalogue';
import { assert } from '@skyeye/foundation';
import { entityTypeOf, withoutPositions, type EntityType, type Expression, type Selector, type Window } from '@skyeye/language';
import type { PlanFeature } from '../plan.ts';
import { callCode, type CallCode } from './call-code.ts';
import { isDynamic } from './collect.ts';
import type { Dictionary } from './dictionary.ts';
import { cellOf, filterCode, type Cell } from './filter-code.ts';
import { HEAD_UNITS, type Column, type Layout, type Shape } from './layout.ts';
import { isWalkable, longCode, walkCode, type WalkAggregate } from './walk-code.ts';

/** A piece of a program: an expression of numbers, NaN being "not known", truth being 1 and 0, words their codes. */
export interface Piece {
  readonly code: string;
  readonly kind: 'number' | 'bool' | 'code' | 'null';
}

/** Whose events an expression is about. `base`: the program's own key, whose results are kept for the evaluation. */
interface Subject {
  readonly type: EntityType;
  readonly base: boolean;
}

export interface ProgramOptions {
  readonly shape: Shape;
  readonly dictionary: Dictionary;
  readonly entityTypes: readonly EntityType[];
  readonly features: readonly PlanFeature[];
  /** Places of the features in the vector. */
  readonly places: readonly number[];
  readonly entityType: EntityType;
  /** Layout of the current event; null for a timer. */
  readonly current: Layout | null;
  /** Bits of the coverage-gated streams. */
  readonly gated: ReadonlyMap<string, number>;
}

/**
 * Writes the program of the features that one kind of event triggers for one kind of key: walks over the key's lists first,
 * then an expression per feature. Equal calls are one function, evaluated once per run.
 */
export class ProgramWriter {
  readonly shape: Shape;
  readonly dictionary: Dictionary;
  readonly #options: ProgramOptions;
  readonly #functions: string[] = [];
  readonly #known = new Map<string, Piece>();
  readonly #walks = new Map<string, WalkAggregate[]>();
  #slots = 0;
  #names = 0;
  #usesCoverage = false;

  constructor(options: ProgramOptions) {
    this.#options = options;
    this.shape = options.shape;
    this.dictionary = options.dictionary;
  }

  /** The body of a function of (S, H, V): slabs, helpers, vector. It returns the program, a function of (E, A, B, T, cur). */
  source(): string {
    const { features, places, entityType } = this.#options;
    const base: Subject = { type: entityType, base: true };
    const lines = features.map(({ formula }, index) => {
      const { code } = this.expression(formula, base);
      return `{${declared(code)}V[${places[index]}]=${code};}`;
    });
    const walks = [...this.#walks.values()].map((aggregates, index) => {
      const [spec, list] = [...this.#walks.keys()].map((name) => [name, this.shape.list(entityType, name)] as const)[index] ?? [];
      assert(spec !== undefined && list !== undefined, 'a walk has a list');
      return walkCode(`w${index}`, {
        type: this.typeIndex(entityType),
        list,
        stride: this.shape.stride(entityType),
        words: this.shape.layout(list.name).words,
        aggregates,
      });
    });
    return [
      '"use strict";',
      `const R=new Float64Array(${this.#slots}),M=new Int32Array(${this.#slots});let N=0,CV=0;`,
      'const fin=(v)=>v-v===0?v:NaN;',
      'const and=(a,b)=>a===0||b===0?0:a!==a||b!==b?NaN:1;',
      'const or=(a,b)=>a===1||b===1?1:a!==a||b!==b?NaN:0;',
      'const not=(a)=>a!==a?a:a===0?1:0;',
      'const code=(v)=>v<0?NaN:v;',
      ...walks,
      ...this.#functions,
      'return function(E,A,B,T,cur){N=N+1|0;',
      ...(this.#usesCoverage ? [`CV=H.coverage(${this.typeIndex(entityType)},A,B);`] : []),
      ...walks.map((_, index) => `w${index}(E,T,cur);`),
      'const f64=S.f64,i32=S.i32;',
      ...lines,
      '};',
    ].join('\n');
  }

  typeIndex(type: EntityType): number {
    return this.#options.entityTypes.indexOf(type);
  }

  expression(node: Expression, subject: Subject): Piece {
    switch (node.kind) {
      case 'number':
        return { code: `(${node.value})`, kind: 'number' };
      case 'duration':
        return { code: `(${node.ms})`, kind: 'number' };
      case 'fen':
        return { code: `(${node.fen})`, kind: 'number' };
      case 'boolean':
        return { code: node.value ? '1' : '0', kind: 'bool' };
      case 'null':
        return { code: 'NaN', kind: 'null' };
      case 'word':
        return { code: String(this.dictionary.code(node.word)), kind: 'code' };
      case 'current':
        return this.current(node.field);
      case 'dimension':
        return this.#dimension(node.name, subject);
      case 'and':
      case 'or': {
        const [left, right] = [this.expression(node.left, subject), this.expression(node.right, subject)];
        const t = this.temporary();
        // The right side is not evaluated where it cannot matter.
        return { code: `(${t}=${left.code},${t}===${node.kind === 'and' ? '0?0' : '1?1'}:${node.kind}(${t},${right.code}))`, kind: 'bool' };
      }
      case 'not':
        return { code: `not(${this.expression(node.operand, subject).code})`, kind: 'bool' };
      case 'negative': {
        const operand = this.expression(node.operand, subject);
        return { code: operand.kind === 'code' ? 'NaN' : `(0-${operand.code})`, kind: 'number' };
      }
      case 'compare':
        return {
          code: this.#compare(node.operator, this.expression(node.left, subject), this.expression(node.right, subject)),
          kind: 'bool',
        };
      case 'arithmetic': {
        const [left, right] = [this.expression(node.left, subject), this.expression(node.right, subject)];
        if (left.kind === 'code' || right.kind === 'code') return { code: 'NaN', kind: 'number' };
        if (node.operator !== '/') return { code: `fin(${left.code}${node.operator}${right.code})`, kind: 'number' };
        const t = this.temporary();
        return { code: `(${t}=${right.code},${t}===0?NaN:fin(${left.code}/${t}))`, kind: 'number' };
      }
      case 'of': {
        const type = entityTypeOf(node.entityType);
        assert(type !== undefined, `no entity type ${node.entityType}`);
        const key = this.expression(node.key, subject);
        const body = this.expression(node.body, { type, base: false });
        if (key.kind !== 'code') return { code: 'NaN', kind: body.kind };
        const inner = this.#function(`return ${body.code};`);
        const outer = this.#function(
          `const k=${key.code};return k!==k?NaN:${inner}(S.tables[${this.typeIndex(type)}].find(k,0),k,0,T,cur);`,
        );
        return { code: `${outer}(E,A,B,T,cur)`, kind: body.kind };
      }
      case 'sequence':
      case 'call':
        return this.#shared(node, subject);
    }
  }

  /** A call, as one function per key; for the program's own key its value is kept during a run. */
  #shared(node: Extract<Expression, { kind: 'sequence' | 'call' }>, subject: Subject): Piece {
    const key = `${subject.type} ${subject.base} ${JSON.stringify(withoutPositions(node))}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const piece = (node.kind === 'call' ? this.#walked(node, subject) : undefined) ?? this.#called(node, subject);
    this.#known.set(key, piece);
    return piece;
  }

  #walked(node: Extract<Expression, { kind: 'call' }>, subject: Subject): Piece | undefined {
    const [selector, second] = node.args;
    const window = second?.kind === 'window' ? second.window : undefined;
    if (!subject.base || selector?.kind !== 'selector' || node.args.length !== 2 || isDynamic(selector.filter)) return undefined;
    const layout = this.shape.layout(selector.stream);
    const column = selector.field === null ? null : this.column(layout, selector.field);
    if (!isWalkable(node.name, window, column !== null && this.#isWhole(layout, column))) return undefined;
    const bit = selector.filter === null ? null : layout.bit(selector.filter);
    const slot = this.#slots++;
    const aggregates = this.#walks.get(selector.stream);
    const aggregate: WalkAggregate = { function: node.name, bit, column, window: window as WalkAggregate['window'], slot };
    if (aggregates === undefined) this.#walks.set(selector.stream, [aggregate]);
    else aggregates.push(aggregate);
    const kind = node.name === 'exists' ? 'bool' : node.name === 'last' || node.name === 'first' ? (column?.kind ?? 'number') : 'number';
    return { code: this.covered(`R[${slot}]`, [selector.stream], subject), kind };
  }

  #isWhole(layout: Layout, column: Column): boolean {
    const type = languageSchema.streams[layout.streams[0] ?? '']?.[column.name]?.type;
    return type === 'int' || type === 'ms' || type === 'fen';
  }

  #called(node: Extract<Expression, { kind: 'sequence' | 'call' }>, subject: Subject): Piece {
    const { body, kind, plain }: CallCode = callCode(this, node, subject);
    if (plain === true) return { code: body, kind };
    const name = this.#function(body);
    if (!subject.base) return { code: `${name}(E,A,B,T,cur)`, kind };
    const slot = this.#slots++;
    return { code: `(M[${slot}]===N?R[${slot}]:(M[${slot}]=N,R[${slot}]=${name}(E,A,B,T,cur)))`, kind };
  }

  /** NaN unless all the gated streams among the names are observed for the key. */
  covered(code: string, names: readonly string[], subject: Subject): string {
    const mask = names.reduce((bits, name) => bits | (this.#options.gated.get(name) ?? 0), 0);
    if (mask === 0 || (subject.type !== 'phone' && subject.type !== 'person')) return code;
    if (!subject.base) return `((H.coverage(${this.typeIndex(subject.type)},A,B)&${mask})===${mask}?${code}:NaN)`;
    this.#usesCoverage = true;
    return `((CV&${mask})===${mask}?${code}:NaN)`;
  }

  /** A name for a value inside an expression; the statement around it declares it. */
  temporary(): string {
    return `t${this.#names++}_`;
  }

  /** A function of the subject; its name. */
  #function(body: string): string {
    const name = `fn${this.#names++}`;
    const arrays = `${body.includes('f64[') ? 'const f64=S.f64;' : ''}${body.includes('i32[') ? 'const i32=S.i32;' : ''}`;
    this.#functions.push(`function ${name}(E,A,B,T,cur){${arrays}${declared(body)}${body}}`);
    return name;
  }

  /** A value made once with the program; its name. */
  constant(text: string): string {
    const name = `k${this.#names++}`;
    this.#functions.push(`const ${name}=${text};`);
    return name;
  }

  helper(parameters: string, body: string): string {
    const name = `of${this.#names++}`;
    this.#functions.push(`function ${name}(${parameters}){${body}}`);
    return name;
  }

  column(layout: Layout, field: string): Column {
    const column = layout.columns.get(field);
    assert(column !== undefined, `no column ${field}`);
    return column;
  }

  /** A field of the current event as a value; not known where the stream has no such field, and for timers. */
  current(field: string): Piece {
    const cell = this.currentCell(field);
    if (cell === null) return { code: 'NaN', kind: 'null' };
    return cell.kind === 'number' ? { code: cell.code, kind: 'number' } : { code: `code(${cell.code})`, kind: cell.kind };
  }

  currentCell(field: string): Cell | null {
    const column = this.#options.current?.columns.get(field);
    return column === undefined ? null : cellOf(column, 'cur');
  }

  #dimension(name: string, subject: Subject): Piece {
    const type = languageSchema.dims[name]?.type;
    const kind = type === 'bool' ? 'bool' : type === 'enum' || type === 'id' || type === 'str' ? 'code' : 'number';
    const call = `H.dimension(${this.typeIndex(subject.type)},A,B,${JSON.stringify(name)},T)`;
    if (!subject.base) return { code: call, kind };
    const key = `dim ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const slot = this.#slots++;
    const piece: Piece = { code: `(M[${slot}]===N?R[${slot}]:(M[${slot}]=N,R[${slot}]=${call}))`, kind };
    this.#known.set(key, piece);
    return piece;
  }

  #compare(operator: string, left: Piece, right: Piece): string {
    const [a, b] = [this.temporary(), this.temporary()];
    const mixed = left.kind !== 'null' && right.kind !== 'null' && (left.kind === 'code') !== (right.kind === 'code');
    const sign = operator === '==' ? '===' : operator === '!=' ? '!==' : operator;
    const result = !mixed ? `${a}${sign}${b}?1:0` : operator === '==' ? '0' : operator === '!=' ? '1' : 'NaN';
    return `(${a}=${left.code},${b}=${right.code},${a}!==${a}||${b}!==${b}?NaN:${result})`;
  }

  /** Where a list is and which part of it a window takes, apart from its start. */
  listSpec(stream: string, window: Window, subject: Subject): string {
    const { head } = this.shape.list(subject.type, stream);
    return `type:${this.typeIndex(subject.type)},list:${head},words:${this.shape.layout(stream).words},untilMs:${window.kind === 'between' ? window.untilMs : 0},prior:${window.kind === 'prior'}`;
  }

  /** Condition that the list of the key is a long one. */
  longList(stream: string, subject: Subject): string {
    const { head } = this.shape.list(subject.type, stream);
    return longCode(this.typeIndex(subject.type), this.shape.stride(subject.type), head);
  }

  /** Statement that leaves in `i` the index of the last event of the window and in `low` its exclusive start; `off` is the list. */
  openList(stream: string, window: Window, subject: Subject): string {
    const list = this.shape.list(subject.type, stream);
    const stride = this.shape.stride(subject.type);
    const type = this.typeIndex(subject.type);
    const lines = [
      `let i=-1,off=0,len=0;const refs=S.refs;if(E>=0){const heads=S.tables[${type}].heads,h=E*${stride}+${list.head};off=heads[h];len=heads[h+1];i=S.end(off,len,T,cur)-1;}`,
    ];
    if (window.kind === 'prior') lines.push('if(i>=0&&cur!==0&&S.compare(refs[off+i],cur)===0)i--;');
    if (window.kind === 'between')
      lines.push(`if(i>=0&&f64[refs[off+i]]>T-${window.untilMs})i=S.firstAfter(off,i+1,T-${window.untilMs})-1;`);
    lines.push(`const low=${this.lowCode(window)};`);
    return lines.join('');
  }

  /** Exclusive start of a window; NaN when it begins at a time that is not known. */
  lowCode(window: Window): string {
    switch (window.kind) {
      case 'last':
      case 'prior':
        return `T-${window.ms}`;
      case 'between':
        return `T-${window.fromMs}`;
      case 'workingDays':
        return `H.workingDaysStart(T,${window.days})`;
      case 'since': {
        const cell = this.currentCell(window.field);
        return cell?.kind === 'number' ? cell.code : 'NaN';
      }
    }
  }

  /** Condition that the row `r` passes a selector's filter. */
  passes(selector: Selector): string {
    const { filter } = selector;
    if (filter === null) return 'true';
    const layout = this.shape.layout(selector.stream);
    if (!isDynamic(filter)) return maskCode(layout.bit(filter), 'r');
    return filterCode(
      filter,
      layout,
      { own: (column) => cellOf(column, 'r').code, current: (field) => this.currentCell(field), previous: () => null },
      this.dictionary,
    ).yes;
  }
}

/** Declares the temporaries of a piece of code. Expressions are written in line: as functions of their own they lay all over the memory. */
function declared(code: string): string {
  const names = new Set(code.match(/\bt\d+_/g));
  return names.size === 0 ? '' : `let ${[...names].join(',')};`;
}

/** Condition that a row has a predicate bit. */
export function maskCode(bit: number, row: string): string {
  return `(i32[${row}*2+${HEAD_UNITS * 2 + (bit >>> 5)}]&${1 << (bit & 31)})!==0`;
}
