import type { CounterScript, PaymentFacts } from '@skyeye/contracts';

/** The words of one scam type at the counter; data of the catalogue. */
export interface CounterTexts {
  readonly checks: { readonly holder: string; readonly transaction: string; readonly payee: string };
  readonly questions: { readonly purpose: string; readonly guided: string };
  readonly reminder: { readonly template: string; readonly text: string };
}

export interface CounterFacts {
  readonly payment: PaymentFacts;
  readonly amountFen: number;
  /** A call or a screen sharing is open. Told to the bank as "may be guided by others", never by what we know it from. */
  readonly guided: boolean;
}

/** Three checks, two questions, one reminder (DOMAIN §2.8) with what is already known. No telecom content, no third person. */
export function counterScript(texts: CounterTexts, { payment, amountFen, guided }: CounterFacts): CounterScript {
  const known = (...lines: readonly (string | false)[]): string[] => lines.filter((line): line is string => line !== false);
  return {
    checks: [
      { id: 'holder', asks: texts.checks.holder, known: known(guided && '客户可能正受他人指引,请留意耳机、通话和停顿') },
      {
        id: 'transaction',
        asks: texts.checks.transaction,
        known: known(
          `本笔 ${yuan(amountFen)} 元`,
          payment.drain !== null && payment.drain >= 0.8 && `转出后余额不足原来的${Math.max(1, Math.ceil((1 - payment.drain) * 10))}成`,
        ),
      },
      {
        id: 'payee',
        asks: texts.checks.payee,
        known: known(
          payment.newPayee === true && '半年内首次向该账户转账',
          payment.payeeAccountAgeDays !== null &&
            payment.payeeAccountAgeDays < 90 &&
            `收款账户开立 ${Math.max(0, Math.floor(payment.payeeAccountAgeDays))} 天`,
          payment.payeeLevel !== null && payment.payeeLevel >= 1 && `收款账户风险等级 ${payment.payeeLevel}`,
          payment.payeePaidByVictims === true && '近期有其他被预警客户付款',
          payment.payeeAssessed != null && '收款账户被评为高风险',
          payment.ownOrKin === true && '收款人为本人或亲属',
        ),
      },
    ],
    questions: [
      { id: 'purpose', asks: texts.questions.purpose },
      { id: 'guided', asks: texts.questions.guided },
    ],
    reminder: texts.reminder,
  };
}

function yuan(fen: number): string {
  return (fen / 100).toLocaleString('en-US', { minimumFractionDigits: fen % 100 === 0 ? 0 : 2, maximumFractionDigits: 2 });
}
