import { useEffect, useRef } from 'react';

/** Keys are single letters, so they rest while somebody types or a dialog is open. */
export function useHotkeys(keys: Readonly<Record<string, (() => void) | undefined>>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      const typing = target !== null && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
      if (typing || document.querySelector('[role="dialog"]:not([aria-hidden="true"])') !== null) return;
      // Enter on a focused button is that button's own.
      if (event.key === 'Enter' && target !== null && ['BUTTON', 'A', 'SUMMARY'].includes(target.tagName)) return;
      const act = latest.current[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
