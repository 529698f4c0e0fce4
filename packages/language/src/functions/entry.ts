import type { Argument, Window } from '../ast.ts';
import type { Context } from '../context.ts';
import type { Value } from '../event.ts';
import type { Selection } from '../selection.ts';
import type { Type } from '../types.ts';

/** A compiled formula. Pure: the same context gives the same value. */
export type Evaluate = (context: Context) => Value;

/**
 * What stands at a place of a function: events of a stream; events with a field to read; a window; a duration; a number
 * literal; a bare name; any expression.
 */
export type Parameter = 'events' | 'values' | 'window' | 'gap' | 'number' | 'name' | 'expression';

/** The type of the field or expression at each place, null for places that have none. */
export type ArgumentType = Type | null;

/** Arguments by place, each already of the kind its parameter states. */
export interface CompileArguments {
  window(index: number): Window;
  /** The selector at `index` over the window at `windowIndex`. */
  selection(index: number, windowIndex: number): Selection;
  /** The field that the selector at `index` reads. */
  field(index: number): string;
  gapMs(index: number): number;
  number(index: number): number;
  name(index: number): string;
  expression(index: number): Evaluate;
}

/** One function of the language: the entry says everything about itself. */
export interface FunctionEntry {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** One line for the SPEC and the studio. */
  readonly says: string;
  /** The value when nothing matches. */
  readonly nothing: '0' | 'false' | 'null' | 'of the arguments';
  /** Type of the result, or undefined when these arguments make none. */
  result(types: readonly ArgumentType[]): Type | undefined;
  compile(args: CompileArguments): Evaluate;
  /** A restriction on literal arguments: the place and what is wrong. */
  refuses?(args: readonly Argument[], types: readonly ArgumentType[]): { readonly argument: number; readonly says: string } | undefined;
  /** Index of a name that must be a field of every selector. */
  readonly needsFieldOf?: number;
  /** Walks the money graph from an account: plain windows only, hops limited. */
  readonly graph?: boolean;
}

/** A numeric field at a place, for aggregates that calculate. */
export function numberAt(types: readonly ArgumentType[], index: number): Extract<Type, { kind: 'number' }> | undefined {
  const type = types[index];
  return type?.kind === 'number' ? type : undefined;
}
