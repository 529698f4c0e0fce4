import { useEffect, useRef, type ReactNode } from 'react';
import { useTexts } from '../texts/language.tsx';

/** Says what a stop request sets in motion before it is sent. */
export function StopSheet({ onSend, onCancel }: { readonly onSend: () => void; readonly onCancel: () => void }): ReactNode {
  const { acts } = useTexts();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} className="sheet" aria-label={acts.stopTitle} onCancel={onCancel} onClose={onCancel}>
      <h2>{acts.stopTitle}</h2>
      <p>{acts.stopText}</p>
      <div className="pair">
        <button type="button" className="button" onClick={onCancel}>
          {acts.cancel}
        </button>
        <button type="button" className="button red" onClick={onSend}>
          {acts.stopSure}
        </button>
      </div>
    </dialog>
  );
}
