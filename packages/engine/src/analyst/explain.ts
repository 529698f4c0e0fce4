import type { Feature } from '@skyeye/catalogue';
import type { Bilingual } from '@skyeye/contracts';
import { printFormula, type Expression } from '@skyeye/language';
import { callWords, windowWords } from './explain-call.ts';
import { COMPARED, fieldWords, plain, selectorWords } from './selector-words.ts';
import { moneyWords, quantityWords, spanWords, unitOf } from './units.ts';
import { HAPPENINGS } from './happenings.ts';
import { ATTRIBUTES, KEYS, truthWords, valueWords } from './words.ts';

export interface Explanation {
  /** The formula as the language prints it. */
  readonly formula: string;
  /** What its value is, one phrase in each language. */
  readonly value: Bilingual;
  /** For whom, when, what, and when it fires: whole sentences. */
  readonly sentence: Bilingual;
}

/** A feature in words, derived from its tree. Cost: linear in the formula. */
export function explain(feature: Pick<Feature, 'keyedBy' | 'triggers' | 'timerMs' | 'ast' | 'fires'>): Explanation {
  const streams = [...new Set(feature.triggers.map(({ stream }) => stream))];
  const value = explainFormula(feature.ast, streams);
  const key = KEYS.get(feature.keyedBy) ?? { zh: feature.keyedBy, en: feature.keyedBy, many: feature.keyedBy };
  const when = triggerWords(feature);
  const fires = fireWords(feature.fires.when, unitOf(feature.ast));
  const { weight } = feature.fires;
  const kind = weight < 0 ? { zh: '即减轻嫌疑', en: 'speaks against fraud' } : { zh: '即触发', en: 'fires' };
  return {
    formula: printFormula(feature.ast),
    value,
    sentence: {
      zh: `对每个${key.zh},每逢${when.zh}时计算:${value.zh}。${fires.zh}${kind.zh}(权重${weight})。`,
      en: `For each ${key.en}, at every ${when.en}: ${value.en}. It ${kind.en} when ${fires.en} (weight ${weight}).`,
    },
  };
}

function triggerWords({ triggers, timerMs }: Pick<Feature, 'triggers' | 'timerMs'>): Bilingual {
  const names = new Set(triggers.map(({ stream, dir }) => `${stream}${dir === null ? '' : `.${dir}`}`));
  for (const dir of ['', '.in', '.out']) {
    if (!names.has(`bank${dir}`) || !names.has(`pay${dir}`)) continue;
    names.delete(`bank${dir}`);
    names.delete(`pay${dir}`);
    names.add(`fund${dir}`);
  }
  const words = [...names].flatMap((name) => HAPPENINGS.get(name) ?? []);
  const timer = timerMs === null ? [] : [spanWords(timerMs)];
  return {
    zh: [...words.map(({ zh }) => zh), ...timer.map(({ zh }) => `会话未结束期间每${zh}`)].join('、'),
    en: [...words.map(({ en }) => en), ...timer.map(({ en }) => `and every ${en} while a session is open`)].join(', '),
  };
}

function fireWords(when: string, unit: string): Bilingual {
  const text = when.replaceAll(' ', '');
  const range = /^in\[(.+),(.+)\]$/.exec(text);
  const quantity = (value: string): Bilingual =>
    value.endsWith('y') ? moneyWords(Number(value.slice(0, -1)) * 100) : quantityWords(Number(value), unit);
  if (range !== null) {
    const [low, high] = [quantity(range[1] ?? ''), quantity(range[2] ?? '')];
    return { zh: `在${low.zh}与${high.zh}之间(含两端)`, en: `it lies between ${low.en} and ${high.en}, both included` };
  }
  const [, operator = '==', value = ''] = /^(>=|<=|>|<|==)(.+)$/.exec(text) ?? [];
  if (value === 'true' || value === 'false') return value === 'true' ? { zh: '成立', en: 'true' } : { zh: '不成立', en: 'false' };
  const { zh, en } = quantity(value);
  return { zh: `${COMPARED[operator as '>='][0]}${zh}`, en: `it is ${VALUE_COMPARED[operator as '>=']} ${en}` };
}

/** A formula's value in words. `streams`: those whose events may be current. */
export function explainFormula(ast: Expression, streams: readonly string[] = []): Bilingual {
  return new Explainer(streams).words(ast);
}

const VALUE_COMPARED = { '>=': 'at least', '<=': 'at most', '>': 'above', '<': 'below', '!=': 'not', '==': 'equal to' } as const;
const ARITHMETIC = { '+': ['加上', 'plus'], '-': ['减去', 'minus'], '*': ['乘以', 'times'], '/': ['除以', 'divided by'] } as const;

class Explainer {
  readonly #streams: readonly string[];

  constructor(streams: readonly string[]) {
    this.#streams = streams;
  }

  get #stream(): string {
    return this.#streams[0] ?? 'fund';
  }

  words(node: Expression): Bilingual {
    switch (node.kind) {
      case 'number':
        return quantityWords(node.value, 'plain');
      case 'duration':
        return spanWords(node.ms);
      case 'fen':
        return moneyWords(node.fen);
      case 'boolean':
        return node.value ? { zh: '是', en: 'true' } : { zh: '否', en: 'false' };
      case 'null':
        return { zh: '不计', en: 'not counted' };
      case 'word':
        return valueWords(node.word);
      case 'current':
        return this.#current(node.field);
      case 'dimension': {
        const { zh, en } = ATTRIBUTES.get(node.name) ?? { zh: node.name, en: node.name };
        return { zh, en: en.startsWith('the ') || en.startsWith('it ') ? en : `the ${en}` };
      }
      case 'and':
      case 'or': {
        const [left, right] = [this.#bracketed(node.left, node.kind), this.#bracketed(node.right, node.kind)];
        return node.kind === 'and'
          ? { zh: `${left.zh},且${right.zh}`, en: `${left.en}, and ${right.en}` }
          : { zh: `${left.zh},或${right.zh}`, en: `${left.en}, or ${right.en}` };
      }
      case 'not':
        return this.#not(node.operand);
      case 'negative': {
        const { zh, en } = this.#bracketed(node.operand, node.kind);
        return { zh: `负的${zh}`, en: `minus ${en}` };
      }
      case 'compare':
        return this.#compare(node);
      case 'arithmetic':
        return this.#arithmetic(node);
      case 'sequence':
        return this.#sequence(node);
      case 'of': {
        const [key, body] = [this.words(node.key), this.words(node.body)];
        return { zh: `就${key.zh}而言,${body.zh}`, en: `for ${key.en}, ${body.en}` };
      }
      case 'call':
        return callWords(node, (field) => fieldWords(this.#stream, field)) ?? this.#scalar(node);
    }
  }

  #current(field: string): Bilingual {
    const words = truthWords(this.#stream, field, true);
    if (words !== undefined) return { zh: `本次${plain(words).zh}`, en: `this event is ${plain(words).en}` };
    const { zh, en } = fieldWords(this.#stream, field);
    return { zh: `本次的${zh}`, en: `the ${en} of this event` };
  }

  /** An operand that would be read together with its neighbours is set in brackets. */
  #bracketed(node: Expression, around: string): Bilingual {
    const words = this.words(node);
    const isLoose = node.kind === 'call' && (node.name === 'if' || node.name === 'coalesce');
    if (node.kind === around && node.kind !== 'arithmetic' && node.kind !== 'compare') return words;
    const isMixed = node.kind === 'and' || node.kind === 'or' || node.kind === 'arithmetic' || node.kind === 'of';
    return isLoose || isMixed ? { zh: `(${words.zh})`, en: `(${words.en})` } : words;
  }

  #not(operand: Expression): Bilingual {
    if (operand.kind === 'current') {
      const words = truthWords(this.#stream, operand.field, false);
      if (words !== undefined) return { zh: `本次${plain(words).zh}`, en: `this event is ${plain(words).en}` };
    }
    const { zh, en } = this.words(operand);
    if (operand.kind === 'call' && operand.name === 'exists')
      return { zh: zh.replace('有', '没有'), en: en.replace('there were', 'there were no') };
    return { zh: `并非“${zh}”`, en: `not (${en})` };
  }

  #compare(node: Extract<Expression, { kind: 'compare' }>): Bilingual {
    const { left, right, operator } = node;
    if (left.kind === 'current' && right.kind === 'word' && (left.field === 'ev' || left.field === 'dir') && operator === '==') {
      const found = this.#streams.flatMap((stream) => HAPPENINGS.get(`${stream}.${right.word}`) ?? [])[0];
      if (found !== undefined)
        return { zh: `本次为${found.zh}`, en: `this event is a ${found.en}`.replace(' a a', ' an a').replace(' a i', ' an i') };
    }
    if (left.kind === 'call' && left.name === 'count' && right.kind === 'number' && right.value === 0 && operator === '==') {
      const words = this.words({ ...left, name: 'exists' });
      return { zh: words.zh.replace('有', '没有'), en: words.en.replace('there were', 'there were no') };
    }
    const unit = unitOf(left);
    const a = this.#bracketed(left, node.kind);
    const b = right.kind === 'number' ? quantityWords(right.value, unit) : this.#bracketed(right, node.kind);
    const isWord = right.kind === 'word' || right.kind === 'boolean';
    const zh = isWord && operator === '==' ? '为' : COMPARED[operator][0];
    const en = isWord && operator === '==' ? 'is' : `is ${VALUE_COMPARED[operator]}`;
    return { zh: `${a.zh}${zh}${b.zh}`, en: `${a.en} ${en} ${b.en}` };
  }

  #arithmetic(node: Extract<Expression, { kind: 'arithmetic' }>): Bilingual {
    const { left, right, operator } = node;
    const unit = right.kind === 'duration' && operator === '/' ? UNITS_BY_MS[right.ms] : undefined;
    const [a, b] = [this.#bracketed(left, operator === '+' ? 'and' : node.kind), this.#bracketed(right, node.kind)];
    if (unit !== undefined) return { zh: `${a.zh}(${unit[0]})`, en: `${a.en}, in ${unit[1]}` };
    if (operator === '/' && right.kind !== 'number') return { zh: `${a.zh}与${b.zh}之比`, en: `the ratio of ${a.en} to ${b.en}` };
    const [zh, en] = ARITHMETIC[operator];
    return { zh: `${a.zh}${zh}${b.zh}`, en: `${a.en} ${en} ${b.en}` };
  }

  #sequence(node: Extract<Expression, { kind: 'sequence' }>): Bilingual {
    const first = selectorWords(node.first);
    const window = windowWords(node.window, node.window.kind === 'since' ? fieldWords(this.#stream, node.window.field) : undefined);
    const steps = node.next.map(({ gapMs, selector }) => ({ gap: spanWords(gapMs), thing: selectorWords(selector) }));
    return {
      zh: `先有${first.zh}${steps.map(({ gap, thing }) => `,其后${gap.zh}内有${thing.zh}`).join('')}(最后一步在${window.zh})`,
      en: `${first.en}${steps.map(({ gap, thing }) => `, then ${thing.en} within ${gap.en}`).join('')} (the last step ${window.en})`,
    };
  }

  /** Functions that combine values. */
  #scalar(node: Extract<Expression, { kind: 'call' }>): Bilingual {
    const inner = node.args.flatMap((argument) => (argument.kind === 'expression' ? [argument.expression] : []));
    const words = inner.map((expression) => this.words(expression));
    const [a, b, c] = words;
    if (a === undefined) return { zh: node.name, en: node.name };
    switch (node.name) {
      case 'if': {
        const other =
          inner[2]?.kind === 'null' ? { zh: '否则不计', en: 'otherwise not counted' } : { zh: `否则为${c?.zh}`, en: `otherwise ${c?.en}` };
        const isTruth =
          inner[1]?.kind === 'sequence' || (inner[1]?.kind === 'call' && (inner[1].name === 'exists' || inner[1].name === 'open'));
        const then = isTruth ? { zh: `看是否${b?.zh}`, en: `whether ${b?.en}` } : { zh: `为${b?.zh}`, en: b?.en };
        return { zh: `若${a.zh},则${then.zh};${other.zh}`, en: `if ${a.en}: ${then.en}; ${other.en}` };
      }
      case 'coalesce':
        return { zh: `${a.zh}(不详时取${b?.zh})`, en: `${a.en} (${b?.en} when unknown)` };
      case 'max2':
        return { zh: `${a.zh}与${b?.zh}中的较大者`, en: `the greater of ${a.en} and ${b?.en}` };
      case 'min2':
        return { zh: `${a.zh}与${b?.zh}中的较小者`, en: `the lesser of ${a.en} and ${b?.en}` };
      case 'b2i':
        return { zh: `“${a.zh}”(是计1,否计0)`, en: `1 if ${a.en}, otherwise 0` };
      case 'abs':
        return { zh: `${a.zh}的绝对值`, en: `the size of ${a.en}, without its sign` };
      case 'known':
        return { zh: `${a.zh}已知`, en: `${a.en} is known` };
      default:
        return { zh: `${node.name}(${words.map(({ zh }) => zh).join(',')})`, en: `${node.name}(${words.map(({ en }) => en).join(', ')})` };
    }
  }
}

const UNITS_BY_MS: Readonly<Record<number, readonly [string, string]>> = {
  1000: ['按秒计', 'seconds'],
  60_000: ['按分钟计', 'minutes'],
  3_600_000: ['按小时计', 'hours'],
  86_400_000: ['按天计', 'days'],
};
