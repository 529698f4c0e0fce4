import type { SubjectRowView } from '@skyeye/contracts';
import { useQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { dayTime } from '../live/county-clock.ts';
import { useMe } from '../live/use-feed.tsx';
import { probability, yuan } from '../shell/format.ts';
import { LevelTag } from '../shell/level-tag.tsx';
import { Empty, Failing, Loading } from '../shell/page-states.tsx';
import { useLanguage, useTexts } from '../texts/language.tsx';
import { DraftDialog, type Decision } from './draft-dialog.tsx';
import './subjects.css';

const EVERY_MS = 5_000;
/** Reasons, and residents beside a subject, that stand in a row; the others are in its title. */
const SHOWN = 3;

type Filter = 'all' | 'account' | 'number' | 'waiting';
const isWaiting = ({ draft }: SubjectRowView): boolean => draft?.state === 'drafted';

/** Accounts and numbers held to work for scammers: why, whom they meet, what is done, and the orders that wait for a person. */
export function SubjectsPage(): ReactNode {
  const { subjects: words } = useTexts();
  const [filter, setFilter] = useState<Filter>('all');
  const [asked, setAsked] = useState<{ readonly row: SubjectRowView; readonly decision: Decision } | null>(null);
  const list = useQuery({ queryKey: ['subjects'], queryFn: api.subjects, refetchInterval: EVERY_MS });
  if (list.data === undefined)
    return list.error === null ? <Loading /> : <Failing error={list.error} onRetry={() => void list.refetch()} />;
  const all = list.data.subjects;
  const shown = (which: Filter): readonly SubjectRowView[] =>
    which === 'all' ? all : which === 'waiting' ? all.filter(isWaiting) : all.filter(({ kind }) => kind === which);
  const rows = shown(filter);
  return (
    <div className="page">
      <section className="card" aria-label={words.title}>
        <header>
          <h2>{words.title}</h2>
          <span className="small soft cut" title={words.subtitle}>
            {words.subtitle}
          </span>
          <Segmented
            size="small"
            value={filter}
            onChange={setFilter}
            options={(['all', 'account', 'number', 'waiting'] as const).map((value) => ({
              value,
              label: `${words.filters[value]} ${shown(value).length}`,
            }))}
          />
        </header>
        {rows.length === 0 ? (
          <Empty title={words.empty} hint={words.emptyHint} />
        ) : (
          <div className="scroll">
            <table className="grid subjects">
              <thead>
                <tr>
                  <th>{words.columns.level}</th>
                  <th className="who">{words.columns.who}</th>
                  <th>{words.columns.why}</th>
                  <th className="met">{words.columns.met}</th>
                  <th className="num">{words.columns.money}</th>
                  <th className="acts">{words.columns.acts}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <SubjectRow key={row.id} row={row} onAsk={(decision) => setAsked({ row, decision })} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {asked === null ? null : <DraftDialog {...asked} onClose={() => setAsked(null)} onDone={() => void list.refetch()} />}
    </div>
  );
}

function SubjectRow({ row, onAsk }: { readonly row: SubjectRowView; readonly onAsk: (decision: Decision) => void }): ReactNode {
  const { texts, say } = useLanguage();
  const words = texts.subjects;
  const why = [...row.rules, ...row.reasons];
  const residents = row.residents.filter((name) => name !== '');
  return (
    <tr className={row.level === null ? 'withdrawn' : ''}>
      <td className="rank">
        {row.level === null ? <span className="mark ring soft">{words.withdrawn}</span> : <LevelTag level={row.level} />}
        <div className="small soft" title={words.scoreHint[row.scoredBy]}>
          {probability(row.score)}
        </div>
      </td>
      <td className="who">
        <b className="cut" title={row.masked}>
          {row.masked === '' ? words.unnamed : row.masked}
        </b>
        <div className="small soft">
          {words.kinds[row.kind]} · {dayTime(row.updatedMs)}
        </div>
      </td>
      <td className="why" title={why.map(say).join('\n')}>
        {row.change === null || row.change.kind === 'raised' ? null : <div className="small strong">{say(row.change.because)}</div>}
        <ul>
          {why.slice(0, SHOWN).map((says, index) => (
            <li key={index}>{say(says)}</li>
          ))}
        </ul>
        {why.length > SHOWN ? <span className="small soft">{words.more(why.length - SHOWN)}</span> : null}
      </td>
      <td className="met">
        {row.counterparts === 0 ? <span className="soft">{texts.sources.none}</span> : words.met[row.kind](row.counterparts)}
        {residents.length === 0 ? null : (
          <div className="small soft cut" title={residents.join(' ')}>
            {residents.slice(0, SHOWN).join(' ')}
          </div>
        )}
      </td>
      <td className="num">{row.amountFen === 0 ? texts.sources.none : yuan(row.amountFen)}</td>
      <td className="acts">
        <Draft row={row} onAsk={onAsk} />
        {row.actions.filter((action) => !action.startsWith('draft_')).length === 0 ? null : (
          <div className="small soft">
            {row.actions
              .filter((action) => !action.startsWith('draft_'))
              .map((action) => words.actions[action])
              .join(' · ')}
          </div>
        )}
      </td>
    </tr>
  );
}

/** The machine drafts and orders nothing: the two buttons are a duty leader's. */
function Draft({ row: { draft }, onAsk }: { readonly row: SubjectRowView; readonly onAsk: (decision: Decision) => void }): ReactNode {
  const { subjects: words } = useTexts();
  const me = useMe();
  if (draft === null) return null;
  if (draft.state !== 'drafted' || me.role !== 'leader')
    return (
      <div title={draft.reason ?? ''}>
        <span className={`mark ${draft.state === 'ordered' ? 'square ink P3' : draft.state === 'drafted' ? 'ring ink P2' : 'ink soft'}`}>
          {words.drafts[draft.kind]} · {words.states[draft.state]}
        </span>
        {draft.atMs === null ? null : <span className="small soft"> {dayTime(draft.atMs)}</span>}
      </div>
    );
  return (
    <span className="buttons">
      <Button size="small" onClick={() => onAsk('ordered')}>
        {words.order[draft.kind]}
      </Button>
      <Button size="small" type="text" onClick={() => onAsk('dismissed')}>
        {words.dismiss}
      </Button>
    </span>
  );
}
