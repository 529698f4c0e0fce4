import { FALSE_ALARM_CAUSES, RESULTS, SCAMS, type FieldTask, type ResultCode, type Scam } from '@skyeye/contracts';
import { useState, type ReactNode } from 'react';
import { useField } from '../live/use-field.tsx';
import { NetBanner } from '../shell/net-banner.tsx';
import { useLanguage } from '../texts/language.tsx';
import { Choice } from './choice.tsx';
import { emptyDraft, missing, reportOf, type Draft } from './report-draft.ts';

type Named<T extends string> = readonly (readonly [T, string])[];

const named = <T extends string>(
  table: Readonly<Record<T, { readonly zh: string; readonly en: string }>>,
  language: 'zh' | 'en',
): Named<T> => keysOf(table).map((key) => [key, table[key][language]]);
const entries = <T extends string>(table: Readonly<Record<T, string>>): Named<T> => keysOf(table).map((key) => [key, table[key]]);
const keysOf = <T extends string>(table: Readonly<Record<T, unknown>>): T[] => Object.keys(table) as T[];

/** The coded form. A grid worker is not asked about calls or the kind of scam. */
export function ReportPage({ task }: { readonly task: FieldTask }): ReactNode {
  const { texts, language } = useLanguage();
  const words = texts.report;
  const { store } = useField();
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(task));
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  const lacking = missing(draft, task);
  const grid = task.tier === 'grid';
  const back = `#/${encodeURIComponent(task.id)}`;
  const submit = async (): Promise<void> => {
    setBusy(true);
    await store.act({ taskId: task.id, verb: 'report', body: reportOf(draft, crypto.randomUUID(), Math.round(store.now())) });
    window.location.hash = back;
  };
  const tick = (key: 'stillOnCall' | 'appRemoved' | 'antifraudApp'): ReactNode => (
    <label className="tick">
      <input type="checkbox" checked={draft[key]} onChange={(event) => set({ [key]: event.target.checked })} />
      {words[key]}
    </label>
  );
  return (
    <section className="page" aria-label={words.title}>
      <header className="head">
        <a className="back" href={back} aria-label={words.back}>
          ‹
        </a>
        <div className="grow">
          <b>{words.title}</b>
          <div className="small cut">
            {task.name} · {texts.task.number(task.number)}
          </div>
        </div>
      </header>
      <NetBanner />
      <div className="scroll">
        <Choice<ResultCode>
          label={words.result}
          value={draft.result}
          options={named(RESULTS, language)}
          onChange={(result) => set({ result })}
        />
        {draft.result === 'false_alarm' ? (
          <Choice
            label={words.cause}
            value={draft.cause}
            options={named(FALSE_ALARM_CAUSES, language)}
            onChange={(cause) => set({ cause })}
          />
        ) : null}
        <Choice label={words.metWho} value={draft.metWho} options={entries(words.who)} onChange={(metWho) => set({ metWho })} />
        <Choice label={words.meeting} value={draft.meeting} options={entries(words.how)} onChange={(meeting) => set({ meeting })} />
        <Choice<'yes' | 'no'>
          label={words.transferred}
          value={draft.transferred === null ? null : draft.transferred ? 'yes' : 'no'}
          options={[
            ['no', words.no],
            ['yes', words.yes],
          ]}
          onChange={(value) => set({ transferred: value === 'yes' })}
        />
        {draft.transferred === true || draft.result === 'lost' || draft.result === 'partial_loss' ? (
          <label className="card text">
            {words.amount}
            <input inputMode="decimal" value={draft.amountYuan} onChange={(event) => set({ amountYuan: event.target.value })} />
          </label>
        ) : null}
        {grid ? null : (
          <label className="card text">
            {words.scam}
            <select
              value={draft.scam ?? ''}
              onChange={(event) => set({ scam: event.target.value === '' ? null : (event.target.value as Scam) })}
            >
              <option value="">{words.scamUnknown}</option>
              {named(SCAMS, language).map(([key, name]) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <div className="card ticks">
          {grid ? null : tick('stillOnCall')}
          {tick('appRemoved')}
          {tick('antifraudApp')}
        </div>
        <label className="card text">
          {words.notes}
          <textarea rows={3} maxLength={500} value={draft.notes} onChange={(event) => set({ notes: event.target.value })} />
        </label>
      </div>
      <div className="submit">
        {lacking.length > 0 ? (
          <p className="small">
            {words.missing}:{lacking.map((one) => words.guards[one]).join(language === 'zh' ? '、' : ', ')}
          </p>
        ) : null}
        <button type="button" className="thumb blue wide" disabled={busy || lacking.length > 0} onClick={() => void submit()}>
          {words.submit}
        </button>
      </div>
    </section>
  );
}
