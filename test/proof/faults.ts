/** A mistake as somebody might make it: a small edit of the engine's text. */
export interface Fault {
  readonly name: string;
  readonly edits: readonly { /** Below packages/engine/src. */ readonly file: string; readonly find: string; readonly replace: string }[];
}

const fault = (name: string, file: string, find: string, replace: string): Fault => ({ name, edits: [{ file, find, replace }] });

/** Each must be caught by the proofs. Where the engine changes and a text is found no more, the fault has to be written anew. */
export const FAULTS: readonly Fault[] = [
  // Windows and order.
  fault('window start inclusive, in walks', 'fast/walk-code.ts', 'if(f64[r]>low){', 'if(f64[r]>=low){'),
  fault(
    'window start inclusive, in gathered values',
    'fast/helpers.ts',
    'if (!((f64[row] as number) > low)) break;',
    'if (!((f64[row] as number) >= low)) break;',
  ),
  fault(
    'window end exclusive',
    'fast/slabs.ts',
    '(f64[refs[place + middle] as number] as number) > ms',
    '(f64[refs[place + middle] as number] as number) >= ms',
  ),
  fault(
    'tie order by arrival',
    'fast/slabs.ts',
    'this.events.texts.compare(this.i32[a * 2 + 2] as number, this.i32[b * 2 + 2] as number)',
    'a - b',
  ),
  fault(
    'tie order by UTF-16',
    'fast/slabs.ts',
    'this.events.texts.compare(this.i32[a * 2 + 2] as number, this.i32[b * 2 + 2] as number)',
    '(this.idOf(a) < this.idOf(b) ? -1 : 1)',
  ),
  fault('current event left out', 'fast/slabs.ts', 'this.compare(row, current) <= 0', 'this.compare(row, current) < 0'),
  fault(
    'current event counts in a window without it',
    'fast/walk-code.ts',
    'S.compare(refs[off+i],cur)===0)p=i-1;',
    'S.compare(refs[off+i],cur)===0)p=i;',
  ),
  fault('late event filed at the end', 'fast/slabs.ts', 'while (!isLatest && at > place &&', 'while (isLatest && at > place &&'),
  // What is not known.
  fault('null as 0', 'fast/row-code.ts', "typeof v==='number'?v:NaN", "typeof v==='number'?v:0"),
  fault('unknown truth as false', 'fast/row-code.ts', 'v===false?0:-1', 'v===false?0:0'),
  fault('filters of two values', 'fast/filter-code.ts', 'return { yes: no, no: yes };', 'return { yes: `!${yes}`, no: yes };'),
  fault('or of two values', 'fast/program-code.ts', 'a===1||b===1?1:a!==a||b!==b?NaN:0', 'a===1||b===1?1:0'),
  fault('and of two values', 'fast/program-code.ts', 'a===0||b===0?0:a!==a||b!==b?NaN:1', 'a===0||b===0||a!==a||b!==b?0:1'),
  fault('a quotient by zero is 0', 'fast/program-code.ts', '${t}===0?NaN:fin(', '${t}===0?0:fin('),
  fault('streams that nobody observes count as silent', 'fast/program-code.ts', 'if (mask === 0 ||', 'if (mask >= 0 ||'),
  // Long lists.
  fault(
    'a cursor keeps what left the window',
    'fast/hot-list.ts',
    'if ((f64[row] as number) > lowMs) break;\n      cursor.change(slabs, row, -1);',
    'if ((f64[row] as number) >= lowMs) break;\n      cursor.change(slabs, row, -1);',
  ),
  fault(
    'a cursor misses late events',
    'fast/hot-list.ts',
    'if (index > cursor.lo) cursor.change(this.#slabs, row, 1);',
    'if (index < cursor.lo) cursor.change(this.#slabs, row, 1);',
  ),
  fault('blocks of extremes stay as they were', 'fast/hot-list.ts', 'for (const blocks of this.#extremes) blocks?.cut(index);', ''),
  // Functions.
  fault('sum instead of count', 'fast/call-code.ts', "'return n;',", "'return n*2;',"),
  fault('a walk counts double', 'fast/walk-code.ts', 'return `${x}++;`', 'return `${x}+=2;`'),
  fault('wrong unit of a time', 'fast/call-code.ts', 'NaN:T-f64[buf[0]]', 'NaN:(T-f64[buf[0]])/1000'),
  fault(
    'distinct forgets what was not last',
    'fast/helpers.ts',
    'let before = 0;\n      while (before < different',
    'let before = different - 1;\n      while (before < different',
  ),
  fault('deviation of a sample', 'fast/helpers.ts', 'Math.sqrt(squares / n)', 'Math.sqrt(squares / (n - 1))'),
  fault('quantile one rank up', 'fast/helpers.ts', 'Math.ceil(p * n) - 1', 'Math.min(n - 1, Math.ceil(p * n))'),
  fault('burst inclusive', 'fast/helpers.ts', '>= lengthMs) start -= 1', '> lengthMs) start -= 1'),
  fault(
    'rising takes equals',
    'fast/helpers.ts',
    '(values[index] as number) > (values[index + 1] as number) ? run + 1',
    '(values[index] as number) >= (values[index + 1] as number) ? run + 1',
  ),
  fault('sequence gap exclusive', 'fast/helpers.ts', '- t > next.gapMs) continue;', '- t >= next.gapMs) continue;'),
  fault(
    'sequence takes one event twice',
    'fast/helpers.ts',
    'if (j >= 0 && slabs.compare(refs[from + j] as number, latest) === 0) j -= 1;',
    '',
  ),
  fault('open is closed by what came before', 'fast/helpers.ts', 'if (this.#slabs.compare(stop, start) <= 0) break;', ''),
  // Money.
  fault('cap of edges off by one', 'fast/graph.ts', 'found.length < latest', 'found.length <= latest'),
  fault('chain bound exclusive', 'fast/graph.ts', 'ratio <= carried', 'ratio < carried'),
  fault('money flows back in time', 'fast/graph.ts', 't < reachedMs || edges.amount(edge) < least', 'edges.amount(edge) < least'),
  fault('a lot that left in time is late', 'fast/lots.ts', 'waitedMs <= withinMs', 'waitedMs < withinMs'),
  // Stamps.
  fault(
    'np180 at exactly 24 h',
    'fast/row-stamper.ts',
    'hasBetween(kind, a, b, t - FAR_BACK_MS, t - DAY_MS)',
    'hasBetween(kind, a, b, t - FAR_BACK_MS, t - DAY_MS - 1)',
  ),
  fault(
    'np180 at exactly 180 d',
    'fast/row-stamper.ts',
    'hasBetween(kind, a, b, t - FAR_BACK_MS, t - DAY_MS)',
    'hasBetween(kind, a, b, t - FAR_BACK_MS - 1, t - DAY_MS)',
  ),
  {
    name: 'np180 at exactly 24 h, in both engines',
    edits: [
      {
        file: 'fast/row-stamper.ts',
        find: 'hasBetween(kind, a, b, t - FAR_BACK_MS, t - DAY_MS)',
        replace: 'hasBetween(kind, a, b, t - FAR_BACK_MS, t - DAY_MS - 1)',
      },
      {
        file: 'stamp-rules.ts',
        find: 'hasBetween(of, key, t - FAR_BACK_MS, t - DAY_MS)',
        replace: 'hasBetween(of, key, t - FAR_BACK_MS, t - DAY_MS - 1)',
      },
    ],
  },
  fault('the unknown are no strangers', 'fast/row-stamper.ts', " || rel === this.#word('unknown')", ''),
  // Arrival, questions, checkpoints.
  fault(
    'late event dropped',
    'fast/fast-engine.ts',
    'const row = this.#keep(event);',
    "if (event.t < newest - (this.#latenessMs[stream] as number)) return 'late';\n    const row = this.#keep(event);",
  ),
  fault(
    'every late event evaluated',
    'fast/fast-engine.ts',
    "if (event.t < newest - (this.#latenessMs[stream] as number)) return 'late';",
    '',
  ),
  fault('repeated event counted', 'fast/fast-engine.ts', "if (this.#slabs.events.find(event.id) !== 0) return 'duplicate';", ''),
  fault('no correction by a late event', 'fast/evaluator.ts', 'const CORRECTION_MS = 86_400_000;', 'const CORRECTION_MS = -1;'),
  fault('a question commits', 'fast/fast-engine.ts', 'if (!known) slabs.leave(row, newest, sizes);', ''),
  fault(
    'a question is remembered by stamps',
    'fast/fast-engine.ts',
    'const row = this.#write(event, false);',
    'const row = this.#write(event, true);',
  ),
  fault(
    'checkpoint loses a stream',
    'fast/packed-rows.ts',
    'if (way.stream >= 0) {',
    "if (way.stream >= 0 && this.#plan.shape.streams[way.stream] !== 'bank') {",
  ),
  fault(
    'codes of the engine before are taken as ours',
    'fast/packed-rows.ts',
    'if (theirs >= 0) i32[row * 2 + place] = this.code(theirs);',
    'if (theirs >= 0) i32[row * 2 + place] = theirs;',
  ),
  fault(
    'checkpoint loses last contacts',
    'fast/contacts.ts',
    'this.remember(kind, own, other, times[index] as number);',
    'void times[index];',
  ),
  fault('checkpoint loses sessions', 'fast/fast-engine.ts', 'for (const phone of part.sessions) this.#sessions.add(phone);', ''),
];
