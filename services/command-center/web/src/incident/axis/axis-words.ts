import { stopwatch, yuan } from '../../shell/format.ts';
import type { Language } from '../../texts/language.tsx';
import type { Texts } from '../../texts/zh.ts';
import type { AxisItem } from './axis-model.ts';

interface Speech {
  readonly texts: Texts;
  readonly language: Language;
  readonly nowMs: number;
}

/** Signs of a label; the whole text is in the detail line, the title and the table. */
const LABEL_SIGNS = 16;

const clipped = (text: string): string => {
  const signs = Array.from(text);
  return signs.length <= LABEL_SIGNS ? text : `${signs.slice(0, LABEL_SIGNS - 1).join('')}…`;
};

function actLabel(members: readonly AxisItem[], { texts }: Speech): string {
  const words = members.flatMap(({ act }) => (act === null ? [] : [texts.axis.acts[act.kind]]));
  const [only] = members;
  if (members.length === 1 && only?.act?.to != null) return clipped(`${words[0] ?? ''} ${only.act.to}`);
  return clipped([...new Set(words)].join(' '));
}

/** What stands beside a mark. */
export function shortLabel(members: readonly AxisItem[], speech: Speech): string {
  const [item] = members;
  if (item === undefined) return '';
  if (item.act !== null) return actLabel(members, speech);
  const said = item.says[speech.language];
  const extra = item.open ? ` ${speech.texts.axis.since(stopwatch(speech.nowMs - item.fromMs))}` : '';
  return `${said}${item.amountFen === null || said.includes('¥') ? '' : ` ${yuan(item.amountFen)}`}${extra}`;
}

/** Everything that stands at a mark, one line each. */
export const axisTitle = (members: readonly AxisItem[], language: Language): string =>
  members
    .map((item) => {
      const said = item.says[language];
      return item.amountFen === null || said.includes('¥') ? said : `${said} ${yuan(item.amountFen)}`;
    })
    .join('\n');
