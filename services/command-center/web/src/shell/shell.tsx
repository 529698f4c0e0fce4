import { useState, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { AlarmContext, useAlarm } from './alarm.ts';
import { HelpDialog } from './help-dialog.tsx';
import { useHotkeys } from './hotkeys.ts';
import { StaleBanner } from './stale-banner.tsx';
import { useThemeChoice } from './theme-choice.tsx';
import { TopBar } from './top-bar.tsx';

/** Bar, banner and alarm around every page; the wall brings its own head. */
export function Shell({ children, onSignedOut }: { readonly children: ReactNode; readonly onSignedOut: () => void }): ReactNode {
  const wall = useLocation().pathname === '/wall';
  const alarm = useAlarm();
  const { dark } = useThemeChoice();
  const [help, setHelp] = useState(false);
  useHotkeys({ '?': () => setHelp(true) });
  return (
    <AlarmContext value={alarm}>
      <div className="app">
        {wall ? null : <TopBar onSignedOut={onSignedOut} onHelp={() => setHelp(true)} />}
        <StaleBanner />
        {/* The map reads its colours when it is drawn: another theme draws the page anew. */}
        <main key={dark ? 'dark' : 'light'}>{children}</main>
      </div>
      <HelpDialog open={help} onClose={() => setHelp(false)} />
    </AlarmContext>
  );
}
