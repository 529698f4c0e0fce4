import type { Me } from '@skyeye/contracts';
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Outbox } from '../outbox/outbox.ts';
import { FieldStore, type FieldState } from './store.ts';

interface Field {
  readonly me: Me;
  readonly store: FieldStore;
}

const Context = createContext<Field | null>(null);
export const outbox = new Outbox();

export function FieldProvider({ me, children }: { readonly me: Me; readonly children: ReactNode }): ReactNode {
  const field = useMemo(() => ({ me, store: new FieldStore(me, outbox) }), [me]);
  useEffect(() => field.store.start(), [field]);
  return <Context.Provider value={field}>{children}</Context.Provider>;
}

export function useField(): Field {
  const field = useContext(Context);
  if (field === null) throw new Error('useField outside FieldProvider');
  return field;
}

export function useFieldState(): FieldState {
  const { store } = useField();
  return useSyncExternalStore(store.subscribe, store.getState);
}

const EVERY_MS = 500;

/** County time, twice a second. */
export function useNow(): number {
  const { store } = useField();
  const [now, setNow] = useState(store.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(store.now()), EVERY_MS);
    return () => window.clearInterval(timer);
  }, [store]);
  return now;
}
