import { assert } from '@skyeye/foundation';
import { withoutPositions, type EntityType, type Expression, type Filter, type Selector, type Window } from '@skyeye/language';
import { isDynamic } from './collect.ts';
import { cellOf, filterCode } from './filter-code.ts';
import type { Column } from './layout.ts';
import type { Piece, ProgramWriter } from './program-code.ts';
import { bitCode } from './walk-code.ts';

/** Statements that end with `return`, or with `plain` an expression. */
export interface CallCode {
  readonly body: string;
  readonly kind: Piece['kind'];
  readonly plain?: boolean;
}

interface Subject {
  readonly type: EntityType;
  readonly base: boolean;
}

type Call = Extract<Expression, { kind: 'call' }>;
type Argument = Call['args'][number];
type Sequence = Extract<Expression, { kind: 'sequence' }>;

export function callCode(writer: ProgramWriter, node: Call | Sequence, subject: Subject): CallCode {
  if (node.kind === 'sequence') return sequenceCode(writer, node, subject);
  const args = new Arguments(node.args);
  const number = (body: string): CallCode => ({ body, kind: 'number' });
  const scalar = scalarCode(writer, node, subject);
  if (scalar !== undefined) return scalar;
  switch (node.name) {
    case 'count':
      return number(
        gathered(
          writer,
          args.selector(0),
          args.window(1),
          subject,
          null,
          'return n;',
          hotTally(writer, args.selector(0), args.window(1), subject, null, ''),
        ),
      );
    case 'exists':
      return { kind: 'bool', body: gathered(writer, args.selector(0), args.window(1), subject, null, 'return n>0?1:0;') };
    case 'since':
      return number(gathered(writer, args.selector(0), args.window(1), subject, null, 'return n===0?NaN:T-f64[buf[0]];'));
    case 'days':
    case 'gapcv':
      return number(gathered(writer, args.selector(0), args.window(1), subject, null, `return H.${node.name}(buf,n);`));
    case 'burst':
      return number(gathered(writer, args.selector(0), args.window(2), subject, null, `return H.burst(buf,n,${args.gap(1)});`));
    case 'distinct':
    case 'topcount':
    case 'topshare':
    case 'entropy':
    case 'seqdial': {
      const selector = args.selector(0);
      const column = fieldOf(writer, selector);
      const suffix = column.kind === 'number' ? 'Numbers' : 'Codes';
      const hot =
        node.name === 'seqdial'
          ? hotSeqdial(writer, selector, args.window(1), subject, column)
          : hotTally(writer, selector, args.window(1), subject, column, `H.hot.${node.name}`);
      return number(gathered(writer, selector, args.window(1), subject, column, `return H.${node.name}${suffix}(buf,n);`, hot));
    }
    case 'first':
    case 'last': {
      const column = fieldOf(writer, args.selector(0));
      return {
        kind: column.kind,
        body: gathered(
          writer,
          args.selector(0),
          args.window(1),
          subject,
          column,
          `return n===0?NaN:buf[${node.name === 'last' ? '0' : 'n-1'}];`,
        ),
      };
    }
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'std':
    case 'incrun': {
      const column = fieldOf(writer, args.selector(0));
      return number(
        column.kind === 'number'
          ? gathered(writer, args.selector(0), args.window(1), subject, column, `return H.${node.name}(buf,n);`)
          : 'return NaN;',
      );
    }
    case 'q':
    case 'nearcount':
      return number(
        gathered(
          writer,
          args.selector(0),
          args.window(2),
          subject,
          fieldOf(writer, args.selector(0)),
          `return H.${node.name}(buf,n,${args.number(1)});`,
        ),
      );
    case 'alt': {
      const [a, b] = twoRows(writer, args, subject, 2);
      return number(`return ${writer.covered(`H.alternations(${a},${b})`, [args.selector(0).stream, args.selector(1).stream], subject)};`);
    }
    case 'open':
    case 'openfor':
      return openCode(writer, node, args, subject);
    default:
      return graphCode(writer, node, args, subject);
  }
}

class Arguments {
  readonly #args: readonly Argument[];

  constructor(args: readonly Argument[]) {
    this.#args = args;
  }

  #at<K extends Argument['kind']>(index: number, kind: K): Extract<Argument, { kind: K }> {
    const argument = this.#args[index];
    assert(argument?.kind === kind, `argument ${index} is no ${kind}`);
    return argument as Extract<Argument, { kind: K }>;
  }

  selector = (index: number): Selector => this.#at(index, 'selector');
  window = (index: number): Window => this.#at(index, 'window').window;
  gap = (index: number): number => this.#at(index, 'gap').ms;
  number = (index: number): number => this.#at(index, 'value').value;
  name = (index: number): string => this.#at(index, 'name').name;
}

function scalarCode(writer: ProgramWriter, node: Call, subject: Subject): CallCode | undefined {
  const pieces = node.args.flatMap((argument) => (argument.kind === 'expression' ? [writer.expression(argument.expression, subject)] : []));
  const [a, b, c] = pieces;
  const x = writer.temporary();
  const kindOf = (...of: (Piece | undefined)[]): Piece['kind'] =>
    of.find((piece) => piece !== undefined && piece.kind !== 'null')?.kind ?? 'null';
  switch (node.name) {
    case 'if':
      return { kind: kindOf(b, c), body: `(${x}=${a?.code},${x}!==${x}?NaN:${x}!==0?${b?.code}:${c?.code})`, plain: true };
    case 'max2':
    case 'min2': {
      const sign = node.name === 'max2' ? '>' : '<';
      const y = writer.temporary();
      return {
        kind: 'number',
        body: `(${x}=${a?.code},${y}=${b?.code},${x}!==${x}||${y}!==${y}?NaN:${y}${sign}${x}?${y}:${x})`,
        plain: true,
      };
    }
    case 'coalesce':
      return { kind: kindOf(a, b), body: `(${x}=${a?.code},${x}===${x}?${x}:${b?.code})`, plain: true };
    case 'b2i':
      return { kind: 'number', body: `(${a?.code}===1?1:0)`, plain: true };
    case 'abs':
      return { kind: 'number', body: `Math.abs(${a?.code})`, plain: true };
    case 'known':
      return { kind: 'bool', body: `(${x}=${a?.code},${x}===${x}?1:0)`, plain: true };
    default:
      return undefined;
  }
}

function fieldOf(writer: ProgramWriter, selector: Selector): Column {
  return writer.column(writer.shape.layout(selector.stream), selector.field ?? '');
}

/** Gathers rows, or the known values of a field, newest first, into `buf` and hands them on with their number `n`. */
function gathered(
  writer: ProgramWriter,
  selector: Selector,
  window: Window,
  subject: Subject,
  column: Column | null,
  then: string,
  hot = '',
): string {
  const covered = writer.covered('1', [selector.stream], subject);
  return (
    (covered === '1' ? '' : `if(${covered}!==1)return NaN;`) +
    hot +
    gathering(writer, selector, window, subject, column, 'rows', 'return NaN;') +
    then
  );
}

/** Statement that answers from the cursor of a long list. Without a field the answer is the number of events. */
function hotTally(
  writer: ProgramWriter,
  selector: Selector,
  window: Window,
  subject: Subject,
  column: Column | null,
  answer: string,
): string {
  if (isDynamic(selector.filter)) return '';
  const bit = selector.filter === null ? null : writer.shape.layout(selector.stream).bit(selector.filter);
  const kind = column === null ? 0 : column.kind === 'number' ? 1 : 2;
  const spec = writer.constant(
    `H.hot.measureOf({${writer.listSpec(selector.stream, window, subject)},${bitCode(bit)},kind:${kind},at:${column?.at ?? 0},keeps:${column === null ? "'count'" : "'tally'"},window:${JSON.stringify(JSON.stringify(window))}})`,
  );
  const guard = window.kind === 'since' ? 'if(low!==low)return NaN;' : '';
  const cursor = `H.hot.cursor(${spec},E,T,cur,low)`;
  return `if(${writer.longList(selector.stream, subject)}){const low=${writer.lowCode(window)};${guard}return ${column === null ? 'H.hot.count' : answer}(${cursor});}`;
}

function hotSeqdial(writer: ProgramWriter, selector: Selector, window: Window, subject: Subject, column: Column): string {
  if (isDynamic(selector.filter) || column.kind !== 'code' || window.kind !== 'last') return '';
  const bit = selector.filter === null ? null : writer.shape.layout(selector.stream).bit(selector.filter);
  const spec = writer.constant(
    `H.hot.measureOf({${writer.listSpec(selector.stream, window, subject)},${bitCode(bit)},kind:2,at:${column.at},keeps:'tally',window:'dialled ${window.ms}'})`,
  );
  return `if(${writer.longList(selector.stream, subject)}){const x=H.hot.seqdial(${spec},E,T,cur,T-${window.ms});if(x!==-1)return x;}`;
}

function gathering(
  writer: ProgramWriter,
  selector: Selector,
  window: Window,
  subject: Subject,
  column: Column | null,
  buffer: 'rows' | 'others',
  unknown: string,
): string {
  const buf = column?.kind === 'number' ? 'numbers' : buffer;
  const guard = window.kind === 'since' ? `if(low!==low)${unknown}` : '';
  if (!isDynamic(selector.filter)) {
    const bit = selector.filter === null ? null : writer.shape.layout(selector.stream).bit(selector.filter);
    const kind = column === null ? 0 : column.kind === 'number' ? 1 : 2;
    const spec = writer.constant(
      `{${writer.listSpec(selector.stream, window, subject)},${bitCode(bit)},kind:${kind},at:${column?.at ?? 0},other:${buffer === 'others'}}`,
    );
    return `const low=${writer.lowCode(window)};${guard}const n=H.gather(${spec},E,T,cur,low),buf=H.${buf}(0);`;
  }
  const take =
    column === null
      ? 'buf[n++]=r;'
      : column.kind === 'number'
        ? `const v=f64[r+${column.at}];if(v===v)buf[n++]=v;`
        : `const v=i32[r*2+${column.at}];if(v>=0)buf[n++]=v;`;
  return [
    writer.openList(selector.stream, window, subject),
    guard,
    `const buf=H.${buf}(len);let n=0;`,
    `for(;i>=0;i--){const r=refs[off+i];if(!(f64[r]>low))break;if(${writer.passes(selector)}){${take}}}`,
  ].join('');
}

/** Two functions that gather rows into two buffers; how to call them, giving the number of rows, −1 for an unknown start. */
function twoRows(writer: ProgramWriter, args: Arguments, subject: Subject, windowIndex: number): [string, string] {
  const one = (index: 0 | 1): string => {
    const body = gathering(
      writer,
      args.selector(index),
      args.window(windowIndex),
      subject,
      null,
      index === 0 ? 'rows' : 'others',
      'return -1;',
    );
    return `${writer.helper('E,A,B,T,cur', `const f64=S.f64,i32=S.i32;${body}return n;`)}(E,A,B,T,cur)`;
  };
  return [one(0), one(1)];
}

function openCode(writer: ProgramWriter, node: Call, args: Arguments, subject: Subject): CallCode {
  const [a, b] = twoRows(writer, args, subject, 3);
  const [first, second] = [args.selector(0), args.selector(1)];
  const column = (selector: Selector): Column => writer.column(writer.shape.layout(selector.stream), args.name(2));
  const [own, other] = [column(first), column(second)];
  const place = ({ kind, at }: Column): string => (kind === 'number' ? `${at},1` : `${at},0`);
  const earliest = writer.covered(`H.earliestOpen(${a},${b},${place(own)},${place(other)})`, [first.stream, second.stream], subject);
  const found = `const x=${earliest};if(x!==x||x<0)return NaN;`;
  return node.name === 'open'
    ? { kind: 'bool', body: `${found}return x>0?1:0;` }
    : { kind: 'number', body: `${found}return x>0?T-S.f64[x]:NaN;` };
}

function sequenceCode(writer: ProgramWriter, node: Sequence, subject: Subject): CallCode {
  const selectors = [node.first, ...node.next.map((step) => step.selector)];
  const gaps = [0, ...node.next.map((step) => step.gapMs)];
  let usesCurrent = false;
  const steps = selectors.map((selector, index) => {
    const layout = writer.shape.layout(selector.stream);
    const { filter } = selector;
    const fixed = filter !== null && !isDynamic(filter);
    const bit = fixed ? layout.bit(filter) : null;
    const before = selectors[index - 1];
    let joins = false;
    let test = 'null';
    let own = 'null';
    if (filter !== null && !fixed) {
      const names = {
        own: (column: Column): string => cellOf(column, 'r').code,
        current: (field: string) => {
          usesCurrent = true;
          return writer.currentCell(field);
        },
        previous: (field: string) => {
          joins = true;
          const column = before === undefined ? undefined : writer.shape.layout(before.stream).columns.get(field);
          return column === undefined ? null : cellOf(column, 'prev');
        },
      };
      const alone = conjunctsOf(filter)
        .filter((part) => !isDynamic(part))
        .map((part) => filterCode(part, layout, { ...names, previous: () => null }, writer.dictionary).yes);
      if (alone.length > 0) own = writer.helper('r', `const f64=S.f64,i32=S.i32;return ${alone.join('&&')};`);
      test = writer.helper('r,cur,prev', `const f64=S.f64,i32=S.i32;return ${filterCode(filter, layout, names, writer.dictionary).yes};`);
    }
    const list = writer.shape.list(subject.type, selector.stream).head;
    return `{head:${list},words:${layout.words},${bitCode(bit)},gapMs:${gaps[index]},joins:${joins},test:${test},own:${own}}`;
  });
  const last = selectors.at(-1) as Selector;
  const covered = writer.covered(
    '1',
    selectors.map(({ stream }) => stream),
    subject,
  );
  const paired =
    selectors.length === 2 &&
    !usesCurrent &&
    node.first.stream === last.stream &&
    node.first.filter !== null &&
    !isDynamic(node.first.filter) &&
    isDynamic(last.filter);
  const { head } = writer.shape.list(subject.type, last.stream);
  const text = JSON.stringify(JSON.stringify(withoutPositions(node)));
  const pairs = paired ? `H.hot.pairsId(${writer.typeIndex(subject.type)},${head},${text})` : '-1';
  const chain = writer.constant(
    `{pairs:${pairs},plain:${selectors.every(({ filter }) => !isDynamic(filter))},${writer.listSpec(last.stream, node.window, subject)},steps:[${steps.join(',')}]}`,
  );
  return {
    kind: 'bool',
    body: [
      covered === '1' ? '' : `if(${covered}!==1)return NaN;`,
      `const low=${writer.lowCode(node.window)};`,
      node.window.kind === 'since' ? 'if(low!==low)return NaN;' : '',
      `return H.sequence(${chain},E,T,cur,low);`,
    ].join(''),
  };
}

const conjunctsOf = (filter: Filter): readonly Filter[] =>
  filter.kind === 'and' ? [...conjunctsOf(filter.left), ...conjunctsOf(filter.right)] : [filter];

const GRAPH: Readonly<Record<string, (args: Arguments) => string>> = {
  hops_black: (args) => `H.graph.hopsToBlack(E,A,T,cur,${args.number(0)},low)`,
  hops_victim: (args) => `H.graph.hopsFromVictim(E,A,T,cur,${args.number(0)},low)`,
  depth: (args) => `H.graph.depth(E,T,cur,${args.number(0)},${args.gap(1)},${args.number(2)},low)`,
  scatter_gather: () => 'H.graph.scatterGather(E,A,T,cur,low)',
  cycle: (args) => `H.graph.cycle(E,A,T,cur,${args.number(0)},${args.number(1)},low)`,
  copayee: () => 'H.graph.copayees(E,A,T,cur,low)',
  taint: (args) => `H.graph.taint(A,T,cur,${args.number(0)},low)`,
};

function graphCode(writer: ProgramWriter, node: Call, args: Arguments, subject: Subject): CallCode {
  const windowed = (index: number, call: string): CallCode => ({
    kind: 'number',
    body: `const low=${writer.lowCode(args.window(index))};return ${call};`,
  });
  const edge = GRAPH[node.name];
  if (edge !== undefined) return windowed(node.args.length - 1, edge(args));
  if (node.name === 'shared_black')
    return windowed(1, `H.graph.sharedWithListed(${writer.typeIndex(subject.type)},E,A,T,cur,${args.name(0) === 'ip'},low)`);
  const window = args.window(node.name === 'fifo_share' ? 1 : 0);
  const untilMs = window.kind === 'between' ? window.untilMs : 0;
  const guard = `const low=${writer.lowCode(window)};${window.kind === 'since' ? 'if(low!==low)return NaN;' : ''}`;
  const where = `${writer.typeIndex(subject.type)},E,T,cur,low,T-${untilMs},${window.kind === 'prior'}`;
  if (node.name === 'fifo_share') return { kind: 'number', body: `${guard}return H.lots.share(${where},${args.gap(0)});` };
  assert(node.name === 'fifo_med', `no function ${node.name}`);
  return { kind: 'number', body: `${guard}return H.lots.medianMs(${where});` };
}
