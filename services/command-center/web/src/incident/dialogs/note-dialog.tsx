import type { Incident } from '@skyeye/contracts';
import { Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../../texts/language.tsx';
import { useActs } from '../use-acts.ts';
import { ActDialog } from './act-dialog.tsx';
import { Field } from './field.tsx';

export function NoteDialog({ row, onClose }: { readonly row: Incident; readonly onClose: () => void }): ReactNode {
  const { dialogs } = useTexts();
  const acts = useActs();
  const [text, setText] = useState('');
  return (
    <ActDialog
      row={row}
      title={dialogs.note.title}
      submit={dialogs.note.submit}
      ready={text.trim() !== ''}
      onClose={onClose}
      act={() => acts.note(row, text.trim())}
    >
      <Field label={dialogs.note.text}>
        <Input.TextArea autoFocus rows={4} maxLength={500} showCount value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
    </ActDialog>
  );
}
