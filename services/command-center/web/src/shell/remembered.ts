/** Small choices kept on this machine (language, sound). A browser that refuses storage forgets them; nothing else changes. */
export function remembered(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch (cause) {
    console.debug('storage refused', cause);
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    window.localStorage.setItem(key, value);
  } catch (cause) {
    console.debug('storage refused', cause);
  }
}
