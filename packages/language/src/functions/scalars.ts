import { BOOLEAN, number, unify, type Type } from '../types.ts';
import { compare, numeric, truthOf } from '../value.ts';
import { numberAt, type ArgumentType, type FunctionEntry } from './entry.ts';

const both = (types: readonly ArgumentType[], a: number, b: number): Type | undefined => {
  const [first, second] = [types[a], types[b]];
  return first === null || second === null || first === undefined || second === undefined ? undefined : unify(first, second);
};
const numberOf = (type: Type | undefined): Type | undefined => (type?.kind === 'number' ? type : undefined);

/** The greater or lesser of two; the first when they are equal. */
function chosen(name: 'max2' | 'min2', says: string): FunctionEntry {
  const operator = name === 'max2' ? '>' : '<';
  return {
    name,
    parameters: ['expression', 'expression'],
    says,
    nothing: 'of the arguments',
    result: (types) => numberOf(both(types, 0, 1)),
    compile: (args) => {
      const [left, right] = [args.expression(0), args.expression(1)];
      return (context) => {
        const [x, y] = [left(context), right(context)];
        if (x === null || y === null) return null;
        return compare(operator, y, x) === true ? y : x;
      };
    },
  };
}

/** Functions of values. */
export const SCALARS: readonly FunctionEntry[] = [
  {
    name: 'if',
    parameters: ['expression', 'expression', 'expression'],
    says: 'the second when the first is true, the third when it is false, null when it is not known',
    nothing: 'of the arguments',
    result: (types) => both(types, 1, 2),
    refuses: (_args, [condition]) =>
      condition?.kind === 'boolean' || condition?.kind === 'null'
        ? undefined
        : { argument: 0, says: 'the condition of if() must be true or false' },
    compile: (args) => {
      const [condition, yes, no] = [args.expression(0), args.expression(1), args.expression(2)];
      return (context) => {
        const value = condition(context);
        if (value === null) return null;
        return truthOf(value) ? yes(context) : no(context);
      };
    },
  },
  chosen('max2', 'the greater of two; null when either is'),
  chosen('min2', 'the lesser of two; null when either is'),
  {
    name: 'coalesce',
    parameters: ['expression', 'expression'],
    says: 'the first, or the second when the first is null',
    nothing: 'of the arguments',
    result: (types) => both(types, 0, 1),
    compile: (args) => {
      const [first, second] = [args.expression(0), args.expression(1)];
      return (context) => first(context) ?? second(context);
    },
  },
  {
    name: 'b2i',
    parameters: ['expression'],
    says: '1 for true, 0 for false and for null',
    nothing: '0',
    result: ([type]) => (type?.kind === 'boolean' || type?.kind === 'null' ? number('count', true) : undefined),
    compile: (args) => {
      const operand = args.expression(0);
      return (context) => (operand(context) === true ? 1 : 0);
    },
  },
  {
    name: 'abs',
    parameters: ['expression'],
    says: 'the value without its sign',
    nothing: 'of the arguments',
    result: (types) => numberAt(types, 0),
    compile: (args) => {
      const operand = args.expression(0);
      return (context) => {
        const value = numeric(operand(context));
        return value === null ? null : Math.abs(value);
      };
    },
  },
  {
    name: 'known',
    parameters: ['expression'],
    says: 'whether the value is not null',
    nothing: 'of the arguments',
    result: ([type]) => (type === undefined || type === null || type.kind === 'word' ? undefined : BOOLEAN),
    compile: (args) => {
      const operand = args.expression(0);
      return (context) => operand(context) !== null;
    },
  },
];
