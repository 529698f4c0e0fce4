import { nearestWord } from '@skyeye/foundation';
import type { Filter, FilterValue, Selector } from './ast.ts';
import type { Checker } from './checker.ts';
import { BOOLEAN, describeType, number, type Type } from './types.ts';

/**
 * Checks a filter against the fields of its stream; mistakes are kept by the checker, one at most for each test.
 * `inSequence`: the step has a previous element to join to.
 */
export function checkFilter(checker: Checker, selector: Selector, filter: Filter, inSequence: boolean): void {
  checker.attempt(() => checkTest(checker, selector, filter, inSequence), undefined);
}

function checkTest(checker: Checker, selector: Selector, filter: Filter, inSequence: boolean): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      checkFilter(checker, selector, filter.left, inSequence);
      checkFilter(checker, selector, filter.right, inSequence);
      return;
    case 'not':
      checkFilter(checker, selector, filter.operand, inSequence);
      return;
    case 'truth': {
      const type = checker.streamField(selector, filter.field, filter.at);
      if (type.kind !== 'boolean')
        throw checker.fail(filter.at, `${filter.field} alone must be true or false, it is ${describeType(type)}`);
      return;
    }
    case 'member': {
      const type = checker.streamField(selector, filter.field, filter.at);
      for (const member of filter.members) {
        checker.comparable({ left: type, right: literalType(member, 'plain'), operator: '==', at: filter.at });
      }
      return;
    }
    case 'compare': {
      const left = checker.streamField(selector, filter.field, filter.at);
      const right = valueType(checker, filter.right, inSequence);
      checker.comparable({ left, right, operator: filter.operator, at: filter.right.at });
    }
  }
}

function valueType(checker: Checker, value: FilterValue, inSequence: boolean): Type {
  if (value.kind === 'literal') return literalType(value.value, value.unit);
  if (value.kind === 'current') return checker.currentField(value.field, value.at);
  if (!inSequence) throw checker.fail(value.at, 'prev is the previous element of a sequence; there is none here');
  const streams = Object.values(checker.schema.streams);
  const types = streams.flatMap((fields) =>
    Object.hasOwn(fields, value.field) && fields[value.field] !== undefined ? [fields[value.field]] : [],
  );
  const [first] = types;
  if (first === undefined) {
    throw checker.fail(value.at, `no stream has a field "${value.field}"`, {
      suggestion: nearestWord(value.field, [...new Set(streams.flatMap((fields) => Object.keys(fields)))]),
    });
  }
  if (first.type === 'bool') return BOOLEAN;
  if (first.type === 'id') return { kind: 'id' };
  if (first.type === 'str') return { kind: 'text' };
  if (first.type === 'enum') return { kind: 'enum', members: null };
  return number(first.type === 'fen' ? 'fen' : first.type === 'ms' ? 'instant' : 'plain', first.type !== 'num');
}

function literalType(value: string | number | boolean, unit: 'plain' | 'fen' | 'ms'): Type {
  if (typeof value === 'string') return { kind: 'word', word: value };
  return typeof value === 'boolean' ? BOOLEAN : number(unit, Number.isInteger(value));
}
