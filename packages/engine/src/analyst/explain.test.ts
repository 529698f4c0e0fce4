import { loadCatalogue } from '@skyeye/catalogue';
import { DIMS, SOURCES, STREAM_ALIASES } from '@skyeye/contracts';
import { FUNCTIONS, parseFormula } from '@skyeye/language';
import { expect, test } from 'vitest';
import { SAID_FUNCTIONS } from './explain-call.ts';
import { explain, explainFormula } from './explain.ts';
import { fieldWords } from './selector-words.ts';
import { HAPPENINGS } from './happenings.ts';
import { ATTRIBUTES, truthWords, valueWords } from './words.ts';

const { features } = loadCatalogue();

test.each(features.map((feature) => [feature.id, feature] as const))(
  '%s reads as sentences without a name of the language',
  (_id, feature) => {
    const { zh, en } = explain(feature).sentence;
    expect(zh.replaceAll(/APP|GOIP|VPN|ATM|POS|IP|eSIM|SIM|II?I?类|95|400/g, '')).not.toMatch(/[A-Za-z_]{2,}|undefined|null/);
    expect(en).not.toMatch(/_|undefined|null|\bnp180|[\u4E00-\u9FFF]/);
  },
);

test('every stream, field, event, word and attribute of the contracts has words', () => {
  for (const stream of [...Object.keys(SOURCES), ...Object.keys(STREAM_ALIASES)]) expect(HAPPENINGS.has(stream), stream).toBe(true);
  for (const name of Object.keys(DIMS)) expect(ATTRIBUTES.has(name), name).toBe(true);
  for (const { stream, fields } of Object.values(SOURCES)) {
    for (const [name, field] of Object.entries(fields)) {
      expect(fieldWords(stream, name).zh, `${stream}.${name}`).not.toBe(name);
      if (field.type === 'bool') expect(truthWords(stream, name, true), `${stream}.${name}`).toBeDefined();
      for (const word of field.type === 'enum' ? field.values : []) {
        if (name === 'ev' || (name === 'dir' && stream !== 'callsig'))
          expect(HAPPENINGS.has(`${stream}.${word}`), `${stream}.${word}`).toBe(true);
        else expect(/[\u4E00-\u9FFF]|ATM|VPN/.test(valueWords(word).zh), `${stream}.${name}=${word}`).toBe(true);
      }
    }
  }
});

test('every function that looks at events has words', () => {
  const lookers = [...FUNCTIONS.values()].filter(({ parameters, graph }) => graph === true || parameters.includes('window'));
  expect(lookers.map(({ name }) => name).filter((name) => !SAID_FUNCTIONS.includes(name))).toEqual([]);
});

test.each([
  [
    'sum(fund[dir=out & live & np180p & stranger].amt, 24h)',
    '近24小时内付给180天内未往来过的陌生人的有效转出的金额合计',
    'the total of the amounts of live transfers out to a stranger new to this person for 180 days within 24 hours',
  ],
  [
    '!exists(fund[dir=out & peer=cur.peer], 90d-)',
    '本次之前90天内没有对方账户与本次相同的转出',
    'there were no transfers out with the same counterparty account as the current event in the 90 days before this event',
  ],
  [
    'seq(60m, call[dir=in & !answered & rel=kin], 20m, rctl[ev=share_start])',
    '先有与对方关系为亲属的未接通来电,其后20分钟内有开始共享屏幕(最后一步在近1小时内)',
    'unanswered incoming call with kin, then start of screen sharing within 20 minutes (the last step within 1 hour)',
  ],
  [
    'if(dim.age >= 60, max(call.dur_s, 6h), null)',
    '若年龄不低于60岁,则为近6小时内通话的最大通话时长;否则不计',
    'if the age is at least 60: the greatest of the durations of calls within 6 hours; otherwise not counted',
  ],
  [
    'openfor(rctl[ev=share_start], rctl[ev=share_stop], sid, 4h) / 1m',
    '近4小时内最早一次尚无对应停止共享屏幕的开始共享屏幕距今的时间(按分钟计)',
    'the time since the earliest start of screen sharing without its end of screen sharing within 4 hours, in minutes',
  ],
])('%s: %s', (formula, zh, en) => {
  expect(explainFormula(parseFormula(formula), ['bank'])).toEqual({ zh, en });
});
