import { expect, test } from 'vitest';
import { counterScript as schema } from '@skyeye/contracts';
import { counterScript } from './index.ts';

const texts = {
  checks: { holder: '一', transaction: '二', payee: '三' },
  questions: { purpose: '四', guided: '五' },
  reminder: { template: 'svc-1', text: '六' },
};
const unknown = { newPayee: null, ownOrKin: null, payeeAccountAgeDays: null, payeeLevel: null, payeePaidByVictims: null, drain: null };

test('what is not known is not said', () => {
  const script = counterScript(texts, { payment: unknown, amountFen: 4_980_000, guided: false });
  expect(schema.parse(script).checks.map(({ known }) => known)).toEqual([[], ['本笔 49,800 元'], []]);
});

test('the bank learns that the customer may be guided, not how we know', () => {
  const script = counterScript(texts, {
    payment: { ...unknown, newPayee: true, payeeAccountAgeDays: 3.2, payeeLevel: 2, drain: 0.97 },
    amountFen: 100,
    guided: true,
  });
  const said = JSON.stringify(script);
  expect(said).toContain('可能正受他人指引');
  expect(said).toContain('收款账户开立 3 天');
  expect(said).toContain('余额不足原来的1成');
  expect(said).not.toMatch(/号码|话单|信令|共享/);
});
