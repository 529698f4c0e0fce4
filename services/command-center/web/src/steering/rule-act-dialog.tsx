import { ruleBacktest, type RuleBacktest, type RuleListed } from '@skyeye/contracts';
import { Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { Field } from '../incident/dialogs/field.tsx';
import { useTexts } from '../texts/language.tsx';
import { ActDialog } from './act-dialog.tsx';
import { limitOf } from './rule-facts.ts';
import { useChange } from './use-change.ts';

export type RuleAct = 'check' | 'backtest' | 'shadow' | 'approve' | 'live' | 'retire' | 'roll-back';

const CHANGED = ['rules', 'rule'];

/** A step of a rule's life: what will happen, the numbers where they are asked for, and the reason. */
export function RuleActDialog({
  version,
  act,
  name,
  onClose,
}: {
  readonly version: RuleListed;
  readonly act: RuleAct;
  readonly name: string;
  readonly onClose: () => void;
}): ReactNode {
  const { rules: words } = useTexts();
  const change = useChange(CHANGED);
  const [pasted, setPasted] = useState('');
  const numbers = parsed(pasted);
  const body = (reason: string): Readonly<Record<string, unknown>> =>
    act === 'roll-back' ? { reason } : { version: version.version, reason, ...(act === 'backtest' ? { numbers } : {}) };
  return (
    <ActDialog
      title={words.acts[act]}
      about={`${name} · ${version.version.slice(0, 8)}`}
      explain={words.explain[act]}
      submit={words.acts[act]}
      danger={act === 'roll-back' || act === 'retire'}
      ready={act !== 'backtest' || numbers !== null}
      act={(reason) => change(() => api.actOnRule(version.id, act, body(reason)), words.done[act])}
      onClose={onClose}
    >
      {act === 'backtest' ? (
        <Field
          label={words.numbers}
          hint={
            pasted.trim() === ''
              ? undefined
              : numbers === null
                ? words.numbersBad
                : `${words.perDay(numbers.personsPerDayMax)},${words.ofLimit(limitOf(numbers.persons))},${words.raises(numbers.raisedPerDayMax)}`
          }
        >
          <Input.TextArea
            rows={4}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
            autoFocus
            style={{ fontFamily: 'monospace' }}
          />
        </Field>
      ) : undefined}
    </ActDialog>
  );
}

function parsed(text: string): RuleBacktest | null {
  try {
    const read = ruleBacktest.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
