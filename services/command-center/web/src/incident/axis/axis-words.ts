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

/** A bank's answer is called what it was: a delay is no hold. */
const actWord = ({ kind, outcome }: NonNullable<AxisItem['act']>, texts: Texts): string =>
  kind === 'hold_placed' && (outcome === 'delay' || outcome === 'fuse') ? texts.holdOutcomes[outcome] : texts.axis.acts[kind];

function actLabel(members: readonly AxisItem[], { texts }: Speech): string {
  const words = members.flatMap(({ act }) => (act === null ? [] : [actWord(act, texts)]));
  const [only] = members;
  if (members.length === 1 && only?.act?.to != null) return clipped(`${words[0] ?? ''} ${only.act.to}`);
  return clipped([...new Set(words)].join(' '));
}

/** What is said of one item: of folded positions, how many and the last place besides. */
export const axisSays = ({ says, times, place }: AxisItem, { texts, language }: Pick<Speech, 'texts' | 'language'>): string =>
  times === 1
    ? says[language]
    : [`${says[language]} ${texts.axis.times(times)}`, ...(place === null ? [] : [texts.axis.last(place)])].join(' · ');

/** What stands beside a mark. */
export function shortLabel(members: readonly AxisItem[], speech: Speech): string {
  const [item] = members;
  if (item === undefined) return '';
  if (item.act !== null) return actLabel(members, speech);
  const said = axisSays(item, speech);
  const extra = item.open ? ` ${speech.texts.axis.since(stopwatch(speech.nowMs - item.fromMs))}` : '';
  return `${said}${item.amountFen === null || said.includes('¥') ? '' : ` ${yuan(item.amountFen)}`}${extra}`;
}

/** Everything that stands at a mark, one line each. */
export const axisTitle = (members: readonly AxisItem[], speech: Pick<Speech, 'texts' | 'language'>): string =>
  members
    .map((item) => {
      const said = axisSays(item, speech);
      return item.amountFen === null || said.includes('¥') ? said : `${said} ${yuan(item.amountFen)}`;
    })
    .join('\n');
