import type { Texts } from '../zh.ts';

export const subjects: Pick<Texts, 'subjects'> = {
  subjects: {
    nav: 'Accounts',
    title: 'Accounts and numbers at high risk',
    subtitle: 'of the last three days; the machine only drafts, people order stops and blocks',
    filters: { all: 'All', account: 'Accounts', number: 'Numbers', waiting: 'To decide' },
    columns: { level: 'Level', who: 'Account / number', why: 'Why', met: 'Payers / callees', money: 'Received', acts: 'What is done' },
    kinds: { account: 'account', number: 'number' },
    unnamed: 'not registered',
    withdrawn: 'withdrawn',
    scoreHint: { 'model+rules': 'probability by model and rules', rules: 'probability by rules, the model gave none' },
    met: { account: (n: number) => `${n} paid`, number: (n: number) => `${n} answered` },
    more: (n: number) => `${n} more`,
    actions: {
      watch: 'watched',
      share: 'told to banks',
      raise_hold: 'payments to it are held',
      draft_stop_payment: 'stop payment drafted',
      warn_callees: 'callees are warned',
      draft_block: 'block drafted',
    },
    drafts: { stop_payment: 'Stop payment', block: 'Block' },
    states: { drafted: 'waits for a duty leader', ordered: 'ordered', dismissed: 'dismissed', dropped: 'dropped, evidence withdrawn' },
    order: { stop_payment: 'Order stop payment', block: 'Ask for block' },
    dismiss: 'Dismiss',
    empty: 'No account or number at high risk',
    emptyHint: 'What is held to be at high risk appears here by itself and stays for three days.',
    dialog: {
      law: {
        stop_payment: '48 hours, at most twice for one account; the order goes through the national platform and is recorded here.',
        block: 'The operator checks and blocks; the request goes through the operator’s channel and is recorded here.',
      },
      dismissTitle: 'Dismiss the draft',
      dismissHint: 'The draft is closed; the assessment stays, and so do holds of payments to it.',
      reason: 'Reason (kept in the audit)',
      submit: 'Confirm',
      done: { ordered: 'Ordered and recorded', dismissed: 'The draft is closed' },
    },
  },
};
