import type { Window } from '@skyeye/language';
import { FOLDED } from './entity-table.ts';
import { HEAD_UNITS, type Column, type ListSpec } from './layout.ts';

export type WalkFunction = 'count' | 'exists' | 'sum' | 'avg' | 'min' | 'max' | 'since' | 'last' | 'first';

/** One aggregate over one list, whose value a walk leaves in a result slot. */
export interface WalkAggregate {
  readonly function: WalkFunction;
  /** Predicate bit of the rows that count; null: all. */
  readonly bit: number | null;
  readonly column: Column | null;
  readonly window: Extract<Window, { kind: 'last' | 'prior' | 'between' }>;
  readonly slot: number;
}

const bounds = ({ window }: WalkAggregate): { readonly fromMs: number; readonly untilMs: number } =>
  window.kind === 'between' ? window : { fromMs: window.ms, untilMs: 0 };

/** An accumulator serves all nested windows of one kind: its value is noted where each of them ends. */
interface Accumulator {
  readonly name: string;
  readonly aggregates: WalkAggregate[];
  readonly untilMs: number;
  reachMs: number;
}

const needsCount = (name: WalkFunction): boolean => name === 'count' || name === 'exists' || name === 'avg';
const needsSum = (name: WalkFunction): boolean => name === 'sum' || name === 'avg';

/**
 * One pass over a list from its newest event back, for all aggregates of a program over that list. Windows that end at the
 * as-of point are nested, so a pass in stretches between their starts computes them all, and looks at no event twice.
 */
export function walkCode(
  name: string,
  {
    type,
    list,
    stride,
    words,
    aggregates,
  }: {
    readonly type: number;
    readonly list: ListSpec;
    readonly stride: number;
    /** Predicate words of a row. */
    readonly words: number;
    readonly aggregates: readonly WalkAggregate[];
  },
): string {
  const accumulators = new Map<string, Accumulator>();
  for (const aggregate of aggregates) {
    const { fromMs, untilMs } = bounds(aggregate);
    const family =
      needsCount(aggregate.function) && aggregate.function !== 'avg' ? 'n' : aggregate.function === 'avg' ? 'a' : aggregate.function;
    const key = [
      family,
      aggregate.bit,
      aggregate.column?.at ?? '',
      aggregate.column?.kind ?? '',
      untilMs,
      aggregate.window.kind === 'prior',
    ].join(' ');
    let accumulator = accumulators.get(key);
    if (accumulator === undefined)
      accumulators.set(key, (accumulator = { name: `x${accumulators.size}`, aggregates: [], untilMs, reachMs: 0 }));
    accumulator.aggregates.push(aggregate);
    accumulator.reachMs = Math.max(accumulator.reachMs, fromMs);
  }
  const all = [...accumulators.values()];
  const isPrior = (accumulator: Accumulator): boolean => accumulator.aggregates[0]?.window.kind === 'prior';
  const lines: string[] = [
    `const ${name}s=new Int32Array([${aggregates.map(({ slot }) => slot).join(',')}]),${name}n=new Float64Array([${aggregates.map(({ function: of }) => (of === 'count' || of === 'exists' || of === 'sum' ? '0' : 'NaN')).join(',')}]);`,
    `const ${name}k=H.hot.walkOf({type:${type},list:${list.head},words:${words},aggregates:[${aggregates.map(hotCode).join(',')}]});`,
    `function ${name}(E,T,cur){`,
    // Long lists are not walked.
    `if(${longCode(type, stride, list.head)}){H.hot.walk(${name}k,R,E,T,cur);return;}`,
  ];
  for (const {
    name: x,
    aggregates: [first],
  } of all)
    lines.push(
      `let ${x}=${first !== undefined && needsCount(first.function) && first.function !== 'avg' ? '0' : first?.function === 'sum' || first?.function === 'avg' ? '0' : 'NaN'}${first?.function === 'avg' ? `,${x}n=0` : ''};`,
    );
  lines.push('let i=-1,off=0;const f64=S.f64,i32=S.i32,refs=S.refs;');
  lines.push(
    `if(E>=0){const heads=S.tables[${type}].heads,h=E*${stride}+${list.head};off=heads[h];i=S.end(off,heads[h+1],T,cur)-1;}`,
    // Most keys have no events of most streams: they are done in one small loop.
    `if(i<0){for(let j=0;j<${aggregates.length};j++)R[${name}s[j]]=${name}n[j];return;}let p=i;`,
  );
  if (all.some(isPrior)) lines.push('if(i>=0&&cur!==0&&S.compare(refs[off+i],cur)===0)p=i-1;');
  const stops = [
    ...new Set(all.flatMap(({ untilMs, aggregates: each }) => [untilMs, ...each.map((aggregate) => bounds(aggregate).fromMs)])),
  ]
    .filter((ms) => ms > 0)
    .sort((a, b) => a - b);
  // One body for all stretches: with a copy for each, the longest walks were two to three times as long, and text is waited for, too.
  const activeAt = stops.map((stopMs, index) =>
    all.filter((accumulator) => accumulator.untilMs <= (stops[index - 1] ?? 0) && accumulator.reachMs >= stopMs),
  );
  const skipCode = (index: number): string => (activeAt[index]?.length === 0 ? `if(i>=0)i=S.firstAfter(off,i+1,T-${stops[index]})-1;` : '');
  lines.push(
    `${skipCode(0)}let k=0,low=T-${stops[0]};for(;;){`,
    'if(i>=0){const r=refs[off+i];if(f64[r]>low){',
    ...bodyCode(all, stops, isPrior),
    'i--;continue;}}',
    'switch(k){',
  );
  for (const [index, stopMs] of stops.entries()) {
    const notes = (activeAt[index] ?? []).flatMap(({ name: x, aggregates: each }) =>
      each.filter((aggregate) => bounds(aggregate).fromMs === stopMs).map((aggregate) => noteCode(x, aggregate)),
    );
    const next = stops[index + 1];
    lines.push(`case ${index}:`, ...notes, next === undefined ? 'return;' : `low=T-${next};${skipCode(index + 1)}break;`);
  }
  lines.push('}k++;}');
  lines.push('}');
  return lines.join('\n');
}

/** Condition that the list of a key is a long one, or one of a key some of whose events are folded. */
export function longCode(type: number, stride: number, head: number): string {
  const heads = `S.tables[${type}].heads`;
  return `E>=0&&(${heads}[E*${stride}+${head + 1}]>=S.hotAt||${heads}[E*${stride}+${FOLDED}]!==0)`;
}

function hotCode(aggregate: WalkAggregate): string {
  const { function: name, bit, column, window, slot } = aggregate;
  const { fromMs, untilMs } = bounds(aggregate);
  const kind = column === null ? 0 : column.kind === 'number' ? 1 : 2;
  return `{function:${JSON.stringify(name)},${bitCode(bit)},kind:${kind},at:${column?.at ?? 0},fromMs:${fromMs},untilMs:${untilMs},prior:${window.kind === 'prior'},slot:${slot}}`;
}

/** Word and mask of a predicate bit as properties; none: every row. */
export function bitCode(bit: number | null): string {
  return bit === null ? 'word:-1,mask:0' : `word:${HEAD_UNITS * 2 + (bit >>> 5)},mask:${1 << (bit & 31)}`;
}

/** What an event adds to the accumulators; `k` is the stretch it lies in. */
function bodyCode(active: readonly Accumulator[], stops: readonly number[], isPrior: (accumulator: Accumulator) => boolean): string[] {
  const lines: string[] = [];
  const words = new Map<number, number>();
  for (const {
    aggregates: [first],
  } of active) {
    if (first === undefined || first.bit === null) continue;
    words.set(first.bit >>> 5, (words.get(first.bit >>> 5) ?? 0) | (1 << (first.bit & 31)));
  }
  for (const word of words.keys()) lines.push(`const b${word}=i32[r*2+${HEAD_UNITS * 2 + word}];`);
  const groups = new Map<string, Accumulator[]>();
  for (const accumulator of active) {
    const { aggregates, untilMs, reachMs } = accumulator;
    const bit = aggregates[0]?.bit ?? null;
    const last = stops.indexOf(reachMs);
    const tests = [
      ...(bit === null ? [] : [`(b${bit >>> 5}&${1 << (bit & 31)})!==0`]),
      ...(isPrior(accumulator) ? ['i<=p'] : []),
      ...(untilMs === 0 ? [] : [`k>${stops.indexOf(untilMs)}`]),
      // What is noted already may go on counting, but need not read a field.
      ...(aggregates[0]?.column === null || last === stops.length - 1 ? [] : [`k<=${last}`]),
    ];
    const test = tests.length === 0 ? 'true' : tests.join('&&');
    const group = groups.get(test);
    if (group === undefined) groups.set(test, [accumulator]);
    else group.push(accumulator);
  }
  const guarded = active.every(({ aggregates: [first] }) => first !== undefined && first.bit !== null);
  if (guarded && groups.size > 2) lines.push(`if((${[...words].map(([word, mask]) => `(b${word}&${mask})`).join('|')})!==0){`);
  for (const [test, group] of groups) lines.push(`if(${test}){${group.map(stepCode).join('')}}`);
  if (guarded && groups.size > 2) lines.push('}');
  return lines;
}

function stepCode({ name: x, aggregates: [first] }: Accumulator): string {
  if (first === undefined) return '';
  if (first.function === 'count' || first.function === 'exists') return `${x}++;`;
  if (first.function === 'since') return `if(${x}!==${x})${x}=f64[r];`;
  const { column } = first;
  if (column === null) return '';
  const read = column.kind === 'number' ? `const v=f64[r+${column.at}];if(v===v)` : `const v=i32[r*2+${column.at}];if(v>=0)`;
  const step = ((): string => {
    switch (first.function) {
      case 'sum':
        return `${x}+=v;`;
      case 'avg':
        return `{${x}+=v;${x}n++;}`;
      case 'min':
        return `{if(!(${x}<=v))${x}=v;}`;
      case 'max':
        return `{if(!(${x}>=v))${x}=v;}`;
      case 'last':
        return `{if(${x}!==${x})${x}=v;}`;
      case 'first':
        return `${x}=v;`;
    }
  })();
  return `{${read}${step}}`;
}

function noteCode(x: string, { function: name, slot }: WalkAggregate): string {
  if (name === 'exists') return `R[${slot}]=${x}>0?1:0;`;
  if (name === 'since') return `R[${slot}]=T-${x};`;
  if (name === 'avg') return `R[${slot}]=${x}n===0?NaN:${x}/${x}n;`;
  return `R[${slot}]=${x};`;
}

/** Whether the function can be computed by a walk: plain aggregates whose value does not depend on the order of summing. */
export function isWalkable(name: string, window: Window | undefined, whole: boolean): name is WalkFunction {
  if (window === undefined || (window.kind !== 'last' && window.kind !== 'prior' && window.kind !== 'between')) return false;
  if (needsSum(name as WalkFunction)) return whole;
  return ['count', 'exists', 'min', 'max', 'since', 'last', 'first'].includes(name);
}
