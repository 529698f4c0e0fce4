import { useEffect, useRef, useState, type ReactNode } from 'react';
import { NavLink, useLocation } from 'react-router';
import { useMe } from '../live/use-feed.tsx';
import { useTexts } from '../texts/language.tsx';
import { maySee, type Page } from './pages.ts';

/** Pages that are opened seldom stand behind one word, so that the bar has room at 1280. */
const ENTRIES = [
  { path: '/rules', name: 'rules', page: 'steering' },
  { path: '/models', name: 'models', page: 'steering' },
  { path: '/budget', name: 'budget', page: 'steering' },
  { path: '/erasures', name: 'erasures', page: 'erasures' },
] as const satisfies readonly { readonly path: string; readonly name: string; readonly page: Page }[];

export function ManageMenu(): ReactNode {
  const { steering: words } = useTexts();
  const me = useMe();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => setOpen(false), [pathname]);
  useEffect(() => {
    if (!open) return undefined;
    menu.current?.querySelector('a')?.focus();
    const close = (event: MouseEvent): void => {
      if (event.target instanceof Node && menu.current?.parentElement?.contains(event.target) !== true) setOpen(false);
    };
    window.addEventListener('mousedown', close);
    return () => window.removeEventListener('mousedown', close);
  }, [open]);
  const entries = ENTRIES.filter(({ page }) => maySee(page, me.role));
  const here = entries.find(({ path }) => pathname.startsWith(path));
  if (entries.length === 0) return null;
  const [only] = entries;
  if (only !== undefined && entries.length === 1)
    return (
      <NavLink to={only.path} className={here === undefined ? '' : 'here'}>
        {words[only.name]}
      </NavLink>
    );
  return (
    <div
      className="manage"
      onKeyDown={(event) => {
        if (!open) return;
        const links = [...(menu.current?.querySelectorAll('a') ?? [])];
        const at = links.findIndex((link) => link === document.activeElement);
        if (event.key === 'ArrowDown') links[(at + 1) % links.length]?.focus();
        else if (event.key === 'ArrowUp') links[(at + links.length - 1) % links.length]?.focus();
        else if (event.key === 'Escape') {
          setOpen(false);
          button.current?.focus();
        } else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <button
        ref={button}
        type="button"
        className={here === undefined ? '' : 'here'}
        aria-haspopup="true"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {here === undefined ? words.menu : words[here.name]} <span aria-hidden="true">▾</span>
      </button>
      {open ? (
        <div ref={menu} className="menu">
          {entries.map(({ path, name }) => (
            <NavLink key={path} to={path} onClick={() => setOpen(false)}>
              {words[name]}
            </NavLink>
          ))}
        </div>
      ) : null}
    </div>
  );
}
