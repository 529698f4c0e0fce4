import type { Incident } from '@skyeye/contracts';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { arrange } from './order.ts';

/** After this long without key or mouse nobody is working on a row any more: new alerts come in by themselves. */
const IDLE_MS = 30_000;

interface Held {
  readonly rows: readonly Incident[];
  readonly waiting: readonly Incident[];
  /** Takes the waiting rows in, at their places. */
  readonly release: () => void;
}

/** Keeps the order still from the moment a row is picked until it is let go. */
export function useHeldOrder(all: readonly Incident[], working: boolean): Held {
  const [held, setHeld] = useState<readonly string[] | null>(null);
  if (working && held === null) setHeld(arrange(all, null).rows.map((row) => row.id));
  if (!working && held !== null) setHeld(null);
  const release = useCallback(() => setHeld(null), []);
  useEffect(() => {
    if (!working) return undefined;
    let timer = window.setTimeout(release, IDLE_MS);
    const again = (): void => {
      window.clearTimeout(timer);
      timer = window.setTimeout(release, IDLE_MS);
    };
    window.addEventListener('pointermove', again);
    window.addEventListener('keydown', again);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener('pointermove', again);
      window.removeEventListener('keydown', again);
    };
  }, [working, release]);
  const arranged = useMemo(() => arrange(all, held), [all, held]);
  return { ...arranged, release };
}
