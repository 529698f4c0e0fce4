import { LEVELS, type Incident, type Level } from '@skyeye/contracts';
import { Alert, Input, Radio } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../../texts/language.tsx';
import { useActs } from '../use-acts.ts';
import { ActDialog } from './act-dialog.tsx';
import { Field } from './field.tsx';

const REASON_MIN = 4;

export function LevelDialog({ row, onClose }: { readonly row: Incident; readonly onClose: () => void }): ReactNode {
  const texts = useTexts();
  const words = texts.dialogs.level;
  const acts = useActs();
  const [level, setLevel] = useState<Level>(row.level);
  const [reason, setReason] = useState('');
  const lower = level > row.level;
  const ready = level !== row.level && reason.trim().length >= REASON_MIN;
  return (
    <ActDialog
      row={row}
      title={words.title}
      submit={texts.dialogs.submit}
      ready={ready}
      danger={lower}
      onClose={onClose}
      act={() => acts.level(row, level, reason.trim())}
    >
      <div>
        <div className="strong" style={{ marginBottom: 6 }}>
          {words.level}
        </div>
        <Radio.Group
          value={level}
          onChange={(event) => setLevel(event.target.value as Level)}
          options={LEVELS.map((value) => ({ value, label: `${value} ${texts.levels[value]}` }))}
        />
      </div>
      {level === row.level ? null : <Alert type={lower ? 'warning' : 'info'} showIcon title={lower ? words.lower : words.raise} />}
      <Field label={words.reason} hint={reason.trim().length < REASON_MIN ? words.short : undefined}>
        <Input.TextArea rows={3} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ActDialog>
  );
}
