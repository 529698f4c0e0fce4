import { CALL_RESULTS, type Incident } from '@skyeye/contracts';
import { Input, Radio } from 'antd';
import { useState, type ReactNode } from 'react';
import type { CallResult } from '../../api/routes.ts';
import { useLanguage } from '../../texts/language.tsx';
import { useActs } from '../use-acts.ts';
import { ActDialog } from './act-dialog.tsx';
import { Field } from './field.tsx';

export function CallDialog({ row, onClose }: { readonly row: Incident; readonly onClose: () => void }): ReactNode {
  const { texts, language } = useLanguage();
  const words = texts.dialogs.call;
  const acts = useActs();
  const [result, setResult] = useState<CallResult | null>(null);
  const [note, setNote] = useState('');
  return (
    <ActDialog
      row={row}
      title={words.title}
      submit={texts.dialogs.submit}
      ready={result !== null}
      onClose={onClose}
      act={async () => result !== null && acts.call(row, result, note.trim())}
    >
      <div>
        <div className="strong" style={{ marginBottom: 6 }}>
          {words.result}
        </div>
        <Radio.Group
          value={result}
          onChange={(event) => setResult(event.target.value as CallResult)}
          style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 8 }}
          options={Object.entries(CALL_RESULTS).map(([value, name]) => ({ value, label: name[language] }))}
        />
      </div>
      <Field label={words.note}>
        <Input.TextArea rows={2} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </ActDialog>
  );
}
