import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { remember, remembered } from './remembered.ts';

interface ThemeChoice {
  readonly dark: boolean;
  readonly toggle: () => void;
}

const KEY = 'skyeye.console.theme';
const Context = createContext<ThemeChoice | null>(null);

/** Light unless the reader chose dark on this machine: a room at night is darker than an office. */
export function ThemeProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [dark, setDark] = useState(() => remembered(KEY) === 'dark');
  const choice = useMemo(
    () => ({
      dark,
      toggle: () => {
        remember(KEY, dark ? 'light' : 'dark');
        setDark(!dark);
      },
    }),
    [dark],
  );
  return <Context.Provider value={choice}>{children}</Context.Provider>;
}

export function useThemeChoice(): ThemeChoice {
  const choice = useContext(Context);
  if (choice === null) throw new Error('useThemeChoice outside ThemeProvider');
  return choice;
}
