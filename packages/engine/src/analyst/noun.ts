/** A thing in both languages. Chinese, English singular, English plural where it differs from singular + s. */
export interface Noun {
  readonly zh: string;
  readonly en: string;
  readonly many: string;
}

/** `转出|transfer out|transfers out`. */
function noun(text: string): Noun {
  const [zh = '', en = '', many] = text.split('|');
  return { zh, en, many: many ?? `${en}s` };
}

/** A table of such texts. */
export function nouns(table: Readonly<Record<string, string>>): ReadonlyMap<string, Noun> {
  return new Map(Object.entries(table).map(([name, text]) => [name, noun(text)]));
}
