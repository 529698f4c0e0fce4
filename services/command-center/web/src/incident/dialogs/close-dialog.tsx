import { FALSE_ALARM_CAUSES, RESULTS, type Incident, type ResultCode } from '@skyeye/contracts';
import { Alert, Input, Radio, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import type { FalseAlarmCause } from '../../api/routes.ts';
import { useLanguage } from '../../texts/language.tsx';
import { mayClose } from '../guards.ts';
import { useActs } from '../use-acts.ts';
import { ActDialog } from './act-dialog.tsx';
import { Field } from './field.tsx';

export function CloseDialog({ row, onClose }: { readonly row: Incident; readonly onClose: () => void }): ReactNode {
  const { texts, language } = useLanguage();
  const words = texts.dialogs.close;
  const acts = useActs();
  const [result, setResult] = useState<ResultCode | null>(null);
  const [cause, setCause] = useState<FalseAlarmCause | null>(null);
  const [note, setNote] = useState('');
  const allowed = mayClose(row);
  const needsCause = result === 'false_alarm';
  const ready = allowed && result !== null && (!needsCause || cause !== null);
  return (
    <ActDialog
      row={row}
      title={words.title}
      submit={words.submit}
      ready={ready}
      width={520}
      onClose={onClose}
      act={async () => result !== null && acts.close(row, result, needsCause ? cause : null, note.trim())}
    >
      {allowed ? null : <Alert type="warning" showIcon title={words.guard} />}
      <div>
        <div className="strong" style={{ marginBottom: 6 }}>
          {words.result}
        </div>
        <Radio.Group
          value={result}
          onChange={(event) => setResult(event.target.value as ResultCode)}
          style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 8 }}
          options={Object.entries(RESULTS).map(([value, name]) => ({ value, label: name[language] }))}
        />
      </div>
      {needsCause ? (
        <Field label={words.cause} hint={cause === null ? words.guardCause : undefined}>
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
      <Field label={words.note}>
        <Input.TextArea rows={2} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </ActDialog>
  );
}
