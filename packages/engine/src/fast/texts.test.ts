import { compareIds } from '@skyeye/language';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Dictionary } from './dictionary.ts';
import { IdTable } from './id-table.ts';
import { encoded, Texts } from './texts.ts';

/** Any units, lone surrogates among them. */
const anyText = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc
    .array(fc.constantFrom(0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff), { maxLength: 6 })
    .map((units) => String.fromCharCode(...units)),
);

test('texts come back as they were, in the order of ids', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      const texts = new Texts();
      for (const text of [a, b]) {
        encoded.set(text);
        texts.push(encoded.words, 0, encoded.length);
      }
      expect([texts.text(0), texts.text(1)]).toEqual([a, b]);
      expect(Math.sign(texts.compare(0, 1))).toBe(Math.sign(compareIds(a, b)));
      encoded.set(a);
      expect(texts.is(1, encoded.words, 0, encoded.length)).toBe(a === b);
      expect(texts.hash(0)).toBe(encoded.hash);
    }),
  );
});

test('a very long text is one, too', () => {
  const dictionary = new Dictionary();
  const text = '电话'.repeat(20_000);
  expect(dictionary.code(text)).toBe(0);
  expect([dictionary.code('a'), dictionary.find(text), dictionary.packed.text(0) === text]).toEqual([1, 0, true]);
});

test('codes stay, and those given back are as if they had never been', () => {
  const dictionary = new Dictionary();
  for (let index = 0; index < 20_000; index++) expect(dictionary.code(`token-${index}`)).toBe(index);
  for (let index = 0; index < 500; index++) dictionary.code(`question-${index}`);
  dictionary.truncate(20_000);
  expect([dictionary.size, dictionary.find('question-7'), dictionary.find('token-19999')]).toEqual([20_000, -1, 19_999]);
  expect([dictionary.code('question-400'), dictionary.text(20_000), dictionary.text(123)]).toEqual([20_000, 'question-400', 'token-123']);
});

test('events get numbers without gaps a few at a time, while others come, go and are asked about', () => {
  const ids = new IdTable();
  const numbers = new Map<number, number>();
  let row = 0;
  const add = (): void => {
    row += 1;
    const number = ids.push(`id${row}`, row);
    ids.enter(number);
    numbers.set(row, number);
  };
  const drop = (of: number): void => {
    ids.drop(numbers.get(of) as number);
    numbers.delete(of);
  };
  while (row < 9_000) add();
  for (let of = 1; of <= 9_000; of++) if (of % 3 !== 0) drop(of);
  for (let step = 0; ; step++) {
    const isDone = ids.pack(100, (of, number) => numbers.set(of, number));
    if (step === 20) for (const of of [3, 6, 8_997]) drop(of);
    if (isDone) break;
    expect(ids.isPacking).toBe(true);
    ids.push('a question', 1);
    ids.pop();
    add();
  }
  expect([ids.isPacking, ids.live, ids.dropped]).toEqual([false, numbers.size, 2]);
  for (const [of, number] of numbers) expect([ids.find(`id${of}`), ids.id(number), ids.rows[number]]).toEqual([of, `id${of}`, of]);
  for (const gone of ['id1', 'id3', 'id8997']) expect(ids.find(gone)).toBe(0);
  expect([...numbers.values()]).toEqual([...numbers.values()].toSorted((a, b) => a - b));
});
