import type { Incident } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { CallDialog } from './call-dialog.tsx';
import { CloseDialog } from './close-dialog.tsx';
import { DispatchDialog } from './dispatch-dialog.tsx';
import { LevelDialog } from './level-dialog.tsx';
import { GiveBackDialog } from './give-back-dialog.tsx';
import { NoteDialog } from './note-dialog.tsx';
import { ReviewDialog } from './review-dialog.tsx';

export type DialogName = 'call' | 'dispatch' | 'level' | 'close' | 'note' | 'giveBack' | 'review';

/** At most one dialog about one incident. */
export function IncidentDialogs({
  row,
  name,
  onClose,
}: {
  readonly row: Incident;
  readonly name: DialogName | null;
  readonly onClose: () => void;
}): ReactNode {
  switch (name) {
    case null:
      return null;
    case 'call':
      return <CallDialog row={row} onClose={onClose} />;
    case 'dispatch':
      return <DispatchDialog row={row} onClose={onClose} />;
    case 'level':
      return <LevelDialog row={row} onClose={onClose} />;
    case 'close':
      return <CloseDialog row={row} onClose={onClose} />;
    case 'giveBack':
      return <GiveBackDialog row={row} onClose={onClose} />;
    case 'review':
      return <ReviewDialog row={row} onClose={onClose} />;
    case 'note':
      return <NoteDialog row={row} onClose={onClose} />;
  }
}
