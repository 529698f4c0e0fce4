import type { Bilingual } from '@skyeye/contracts';
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { en } from './en.ts';
import { zh, type Texts } from './zh.ts';

type Language = 'zh' | 'en';

interface LanguageState {
  readonly language: Language;
  readonly texts: Texts;
  readonly say: (both: Bilingual) => string;
  readonly toggle: () => void;
}

const KEY = 'skyeye.field.language';
const TEXTS: Record<Language, Texts> = { zh, en };
const Context = createContext<LanguageState | null>(null);

function remembered(): Language {
  try {
    return window.localStorage.getItem(KEY) === 'en' ? 'en' : 'zh';
  } catch (cause) {
    console.debug('storage refused', cause);
    return 'zh';
  }
}

export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(remembered);
  const state = useMemo<LanguageState>(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    return {
      language,
      texts: TEXTS[language],
      say: (both) => both[language],
      toggle: () => {
        const next = language === 'zh' ? 'en' : 'zh';
        try {
          window.localStorage.setItem(KEY, next);
        } catch (cause) {
          console.debug('storage refused', cause);
        }
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
