import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as Messages, ConfigProvider } from 'antd';
import enUS from 'antd/es/locale/en_US';
import zhCN from 'antd/es/locale/zh_CN';
import { useLayoutEffect, type ReactNode } from 'react';
import { HashRouter, useLocation } from 'react-router';
import { ApiError } from './api/client.ts';
import { Session } from './shell/session.tsx';
import { ThemeProvider, useThemeChoice } from './shell/theme-choice.tsx';
import { LanguageProvider, useLanguage } from './texts/language.tsx';
import { darkTheme, lightTheme } from './theme.ts';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => count < 3 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      staleTime: 5_000,
      refetchOnWindowFocus: false,
    },
    mutations: { retry: false },
  },
});

export function App(): ReactNode {
  return (
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <ThemeProvider>
          <HashRouter>
            <Dressed />
          </HashRouter>
        </ThemeProvider>
      </LanguageProvider>
    </QueryClientProvider>
  );
}

/** The wall is always dark: it hangs in a darkened room and is read from six metres. */
function Dressed(): ReactNode {
  const { language } = useLanguage();
  const choice = useThemeChoice();
  const dark = useLocation().pathname === '/wall' || choice.dark;
  // Before paint: the map reads its colours from the page when it is drawn.
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  }, [dark]);
  return (
    <ConfigProvider locale={language === 'zh' ? zhCN : enUS} theme={dark ? darkTheme : lightTheme} button={{ autoInsertSpace: false }}>
      <Messages message={{ maxCount: 3, duration: 3 }} style={{ height: '100%' }}>
        <Session />
      </Messages>
    </ConfigProvider>
  );
}
