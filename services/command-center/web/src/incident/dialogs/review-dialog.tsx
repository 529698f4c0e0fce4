import { FALSE_ALARM_CAUSES, RESULTS, type Incident, type ResultCode } from '@skyeye/contracts';
import { Alert, Checkbox, Input, Radio, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import type { FalseAlarmCause } from '../../api/routes.ts';
import { useLanguage } from '../../texts/language.tsx';
import { useActs } from '../use-acts.ts';
import { ActDialog } from './act-dialog.tsx';
import { Field } from './field.tsx';

const REASON_MIN = 4;

/** A second look at what was coded, after an appeal or by the leader: the result that training believes. */
export function ReviewDialog({ row, onClose }: { readonly row: Incident; readonly onClose: () => void }): ReactNode {
  const { texts, language } = useLanguage();
  const words = texts.review;
  const acts = useActs();
  const [result, setResult] = useState<ResultCode | null>(null);
  const [cause, setCause] = useState<FalseAlarmCause | null>(null);
  const [appeal, setAppeal] = useState(false);
  const [reason, setReason] = useState('');
  const needsCause = result === 'false_alarm';
  const isLong = reason.trim().length >= REASON_MIN;
  const ready = result !== null && (!needsCause || cause !== null) && isLong;
  return (
    <ActDialog
      row={row}
      title={words.title}
      submit={words.submit}
      ready={ready}
      width={520}
      onClose={onClose}
      act={async () =>
        result !== null && acts.review(row, { result, falseAlarmCause: needsCause ? cause : null, appeal, reason: reason.trim() })
      }
    >
      {row.result === null ? null : <Alert type="info" showIcon title={words.hint(RESULTS[row.result][language])} />}
      <div>
        <div className="strong" style={{ marginBottom: 6 }}>
          {words.result}
        </div>
        <Radio.Group
          value={result}
          onChange={(event) => setResult(event.target.value as ResultCode)}
          style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 8 }}
          options={Object.entries(RESULTS)
            .filter(([value]) => value !== row.result)
            .map(([value, name]) => ({ value, label: name[language] }))}
        />
      </div>
      {needsCause ? (
        <Field label={texts.dialogs.close.cause} hint={cause === null ? texts.dialogs.close.guardCause : undefined}>
          <Select<FalseAlarmCause>
            value={cause}
            onChange={setCause}
            options={Object.entries(FALSE_ALARM_CAUSES).map(([value, name]) => ({
              value: value as FalseAlarmCause,
              label: name[language],
            }))}
          />
        </Field>
      ) : null}
      <Checkbox checked={appeal} onChange={(event) => setAppeal(event.target.checked)}>
        {words.appeal}
      </Checkbox>
      <Field label={words.reason} hint={isLong ? undefined : words.short}>
        <Input.TextArea rows={3} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ActDialog>
  );
}
