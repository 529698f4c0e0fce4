import type { Filter, FilterValue, Selector } from '@skyeye/language';
import { quantityWords, unitOfField } from './units.ts';
import { HAPPENINGS } from './happenings.ts';
import type { Noun } from './noun.ts';
import { FIELDS, TOGETHER, truthWords, valueWords, type Truth } from './words.ts';

type Test = Exclude<Filter, { kind: 'and' | 'or' | 'not' }>;

/** The events of a selector as a thing in both languages. */
export function selectorWords({ stream, filter }: Selector): Noun {
  const tests = filter === null ? [] : conjuncts(filter);
  const dir = tests.find((test) => isEqual(test, 'dir'));
  const kind = tests.find((test) => isEqual(test, 'ev') || (test.kind === 'member' && test.field === 'ev'));
  const thing = thingOf(stream, wordsOf(dir), wordsOf(kind));
  const rest = tests.filter((test) => test !== kind && (test !== dir || wordsOf(kind).length > 0));
  const words = clauses(stream, rest, wordsOf(dir)[0]);
  const zhBefore = words.filter(({ zh }) => zh.startsWith('+')).map(({ zh }) => zh.slice(1));
  const zhWith = words.filter(({ zh }) => !zh.startsWith('+')).map(({ zh }) => zh);
  const enBefore = words.filter(({ en }) => en.startsWith('+')).map(({ en }) => `${en.slice(1)} `);
  const enWith = words.filter(({ en }) => !en.startsWith('+')).map(({ en }) => en);
  const behind = enWith.length === 0 ? '' : ` ${enWith.join(', ')}`;
  return {
    zh: `${zhWith.length === 0 ? '' : `${zhWith.join('、')}的`}${zhBefore.join('')}${thing.zh}`,
    en: `${enBefore.join('')}${thing.en}${behind}`,
    many: `${enBefore.join('')}${thing.many}${behind}`,
  };
}

function thingOf(stream: string, dirs: readonly string[], kinds: readonly string[]): Noun {
  const names = kinds.length > 0 ? kinds : dirs;
  const found = names.flatMap((name) => HAPPENINGS.get(`${stream}.${name}`) ?? []);
  const whole = HAPPENINGS.get(stream) ?? { zh: stream, en: stream, many: stream };
  if (found.length === 0) return whole;
  return { zh: listed(found, 'zh', '或'), en: listed(found, 'en', ' or '), many: listed(found, 'many', ' or ') };
}

function listed(nouns: readonly Noun[], form: keyof Noun, or: string): string {
  const [words, last] = [nouns.slice(0, -1).map((noun) => noun[form]), nouns.at(-1)?.[form] ?? ''];
  return words.length === 0 ? last : `${words.join(form === 'zh' ? '、' : ', ')}${or}${last}`;
}

function conjuncts(filter: Filter): Filter[] {
  return filter.kind === 'and' ? [...conjuncts(filter.left), ...conjuncts(filter.right)] : [filter];
}

function isEqual(test: Filter, field: string): boolean {
  return test.kind === 'compare' && test.field === field && test.operator === '==' && test.right.kind === 'literal';
}

function wordsOf(test: Filter | undefined): string[] {
  if (test?.kind === 'member') return test.members.map(String);
  return test?.kind === 'compare' && test.right.kind === 'literal' ? [String(test.right.value)] : [];
}

/** Each test in words; tests that belong together as one. */
function clauses(stream: string, tests: readonly Filter[], dir: string | undefined): Truth[] {
  let left = [...tests];
  const words: Truth[] = [];
  const isMoney = stream === 'fund' || stream === 'bank' || stream === 'pay';
  for (const { fields, dir: wanted, says } of TOGETHER) {
    if (wanted === undefined ? isMoney : !isMoney || wanted !== dir) continue;
    const own = left.filter((test) => test.kind === 'truth' && fields.includes(test.field));
    if (own.length !== fields.length) continue;
    left = left.filter((test) => !own.includes(test));
    words.push(says);
  }
  return [...words, ...left.map((test) => filterWords(stream, test))];
}

/** A filter as something said of an event. */
export function filterWords(stream: string, filter: Filter): Truth {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const [left, right] = [plain(filterWords(stream, filter.left)), plain(filterWords(stream, filter.right))];
      const [zh, en] = filter.kind === 'and' ? ['且', 'and'] : ['或', 'or'];
      return { zh: `${left.zh}${zh}${right.zh}`, en: `${left.en} ${en} ${right.en}` };
    }
    case 'not': {
      if (filter.operand.kind === 'truth') {
        const words = truthWords(stream, filter.operand.field, false);
        if (words !== undefined) return words;
      }
      const { zh, en } = plain(filterWords(stream, filter.operand));
      return { zh: `并非“${zh}”`, en: `not (${en})` };
    }
    default:
      return testWords(stream, filter);
  }
}

/** Without the mark of what stands before a noun. */
export function plain({ zh, en }: Truth): Truth {
  return { zh: zh.replace(/^\+/, ''), en: en.replace(/^\+/, '') };
}

function testWords(stream: string, test: Test): Truth {
  const field = fieldWords(stream, test.field);
  switch (test.kind) {
    case 'truth':
      return truthWords(stream, test.field, true) ?? { zh: field.zh, en: `with ${field.en}` };
    case 'member': {
      const words = test.members.map((member) => literal(stream, test.field, member, 'plain'));
      return equalTo(stream, test.field, {
        zh: or(
          words.map(({ zh }) => zh),
          'zh',
        ),
        en: or(
          words.map(({ en }) => en),
          'en',
        ),
      });
    }
    case 'compare': {
      if (test.right.kind !== 'literal') return joined(stream, test.field, test.operator, test.right);
      if (typeof test.right.value === 'boolean' && (test.operator === '==' || test.operator === '!=')) {
        const words = truthWords(stream, test.field, test.right.value === (test.operator === '=='));
        if (words !== undefined) return words;
      }
      const value = literal(stream, test.field, test.right.value, test.right.unit);
      if (test.operator === '==') return equalTo(stream, test.field, value);
      if (test.field === 'hod') return hourWords(test.operator, value);
      const [zh, en] = COMPARED[test.operator];
      return { zh: `${field.zh}${zh}${value.zh}`, en: `with ${field.en} ${en} ${value.en}` };
    }
  }
}

/** Comparisons in words, for amounts. */
export const COMPARED = {
  '>=': ['不低于', 'of at least'],
  '<=': ['不超过', 'of at most'],
  '>': ['高于', 'above'],
  '<': ['低于', 'below'],
  '!=': ['不是', 'other than'],
  '==': ['等于', 'equal to'],
} as const;

function hourWords(operator: string, { zh, en }: Truth): Truth {
  if (operator === '>=') return { zh: `发生在${zh}及以后`, en: `at or after ${en}` };
  if (operator === '<') return { zh: `发生在${zh}之前`, en: `before ${en}` };
  return { zh: `时点${COMPARED[operator as '>'][0]}${zh}`, en: `with hour ${COMPARED[operator as '>'][1]} ${en}` };
}

/** How English says that a field has a value. */
const ENGLISH_EQUAL: Readonly<Record<string, string>> = {
  rel: 'with {}',
  cli_kind: 'with {}',
  peer_kind: 'with {}',
  chan: 'through {}',
  poi: '({})',
  cls: '({})',
  cat: '({})',
  perm: '({})',
  dir: '({})',
};

function equalTo(stream: string, name: string, value: Truth): Truth {
  const field = fieldWords(stream, name);
  const template = ENGLISH_EQUAL[name];
  const en = template === undefined ? `with ${field.en} ${value.en}` : template.replace('{}', value.en);
  return { zh: `${field.zh}为${value.zh}`, en };
}

function joined(stream: string, name: string, operator: string, right: Exclude<FilterValue, { kind: 'literal' }>): Truth {
  const field = fieldWords(stream, name);
  const other = fieldWords(stream, right.field);
  const [zhWho, enWho] = right.kind === 'current' ? ['本次', 'the current event'] : ['上一步', 'the step before'];
  const zhOf = right.field === name ? zhWho : `${zhWho}的${other.zh}`;
  const enOf = right.field === name ? `that of ${enWho}` : `the ${other.en} of ${enWho}`;
  if (operator === '==') {
    const en = right.field === name ? `with the same ${field.en} as ${enWho}` : `with ${field.en} equal to ${enOf}`;
    return { zh: `${field.zh}与${zhOf}相同`, en };
  }
  if (operator === '!=') return { zh: `${field.zh}与${zhOf}不同`, en: `with ${field.en} other than ${enOf}` };
  const [zh, en] = COMPARED[operator as '>='];
  return { zh: `${field.zh}${zh}${zhOf}`, en: `with ${field.en} ${en} ${enOf}` };
}

function literal(stream: string, field: string, value: string | number | boolean, unit: string): Truth {
  if (typeof value === 'number') return quantityWords(value, unit === 'plain' ? unitOfField(stream, field) : unit);
  if (typeof value === 'boolean') return value ? { zh: '是', en: 'true' } : { zh: '否', en: 'false' };
  return valueWords(value);
}

/** A field of a stream as a thing. */
export function fieldWords(stream: string, field: string): Noun {
  return FIELDS.get(`${stream}.${field}`) ?? FIELDS.get(field) ?? { zh: field, en: field, many: field };
}

function or(words: readonly string[], language: 'zh' | 'en'): string {
  const rest = words.slice(0, -1);
  const last = words.at(-1) ?? '';
  if (rest.length === 0) return last;
  return language === 'zh' ? `${rest.join('、')}或${last}` : `${rest.join(', ')} or ${last}`;
}
