import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import type { Bilingual } from '@skyeye/contracts';
import { remember, remembered } from '../shell/remembered.ts';
import { en } from './en.ts';
import { zh, type Texts } from './zh.ts';

export type Language = 'zh' | 'en';

interface LanguageState {
  readonly language: Language;
  readonly texts: Texts;
  readonly say: (both: Bilingual) => string;
  readonly toggle: () => void;
}

const KEY = 'skyeye.console.language';
const TEXTS: Record<Language, Texts> = { zh, en };
const Context = createContext<LanguageState | null>(null);

/** Chinese unless the reader chose English on this machine before. */
export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(() => (remembered(KEY) === 'en' ? 'en' : 'zh'));
  const state = useMemo<LanguageState>(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = TEXTS[language].product;
    return {
      language,
      texts: TEXTS[language],
      say: (both) => both[language],
      toggle: () => {
        const next = language === 'zh' ? 'en' : 'zh';
        remember(KEY, next);
        setLanguage(next);
      },
    };
  }, [language]);
  return <Context.Provider value={state}>{children}</Context.Provider>;
}

export function useLanguage(): LanguageState {
  const state = useContext(Context);
  if (state === null) throw new Error('useLanguage outside LanguageProvider');
  return state;
}

export const useTexts = (): Texts => useLanguage().texts;

/** A sentence of the server that says both languages, `中文 · English`, in the one of the screen. */
export function inLanguage(sentence: string, language: 'zh' | 'en'): string {
  const cut = sentence.indexOf(' · ');
  if (cut < 0) return sentence;
  return language === 'zh' ? sentence.slice(0, cut) : sentence.slice(cut + 3);
}
