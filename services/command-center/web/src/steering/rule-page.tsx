import { RULE_SHADOW_MS, SCAMS, type Level, type RuleListed, type RuleStep } from '@skyeye/contracts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { NavLink, useNavigate, useParams } from 'react-router';
import { ApiError } from '../api/client.ts';
import { api } from '../api/routes.ts';
import { dayTime } from '../live/county-clock.ts';
import { useCountyNow, useMe } from '../live/use-feed.tsx';
import { duration } from '../shell/format.ts';
import { useHotkeys } from '../shell/hotkeys.ts';
import { LevelTag } from '../shell/level-tag.tsx';
import { Empty, Failing, Loading } from '../shell/page-states.tsx';
import { useLanguage, useTexts } from '../texts/language.tsx';
import { LifeCard } from './life-card.tsx';
import { RuleActDialog, type RuleAct } from './rule-act-dialog.tsx';
import { authorsOf, entryOf } from './rule-facts.ts';
import { Radius } from './rules-page.tsx';
import { StateTag } from './state-tag.tsx';
import './steering.css';

const EVERY_MS = 10_000;
const LEVELS: readonly string[] = ['P1', 'P2', 'P3', 'P4'];
/** What may come next, by where a version stands. The server decides; this shows what it would take. */
const NEXT: Readonly<Record<string, readonly RuleAct[]>> = {
  draft: ['check', 'retire'],
  checked: ['backtest', 'retire'],
  backtested: ['shadow', 'backtest', 'retire'],
  shadow: ['approve', 'backtest', 'retire'],
  approved: ['live', 'retire'],
  live: ['roll-back', 'retire'],
};
const LEADERS: readonly RuleAct[] = ['approve', 'live'];

/** One rule: what it says and when, its versions with what may be done next, and every step of its life. */
export function RulePage(): ReactNode {
  const { id = '' } = useParams();
  const { texts, language, say } = useLanguage();
  const words = texts.rules;
  const navigate = useNavigate();
  const [asked, setAsked] = useState<{ readonly version: RuleListed; readonly act: RuleAct } | null>(null);
  const history = useQuery({ queryKey: ['rule', id], queryFn: () => api.rule(id), refetchInterval: EVERY_MS });
  useHotkeys({ Escape: () => void navigate('/rules') });
  if (history.data === undefined) {
    if (history.error === null) return <Loading />;
    if (history.error instanceof ApiError && history.error.status === 404)
      return (
        <Empty title={words.missing}>
          <NavLink to="/rules">{words.back}</NavLink>
        </Empty>
      );
    return <Failing error={history.error} onRetry={() => void history.refetch()} />;
  }
  const { rules, steps } = history.data;
  const newest = rules.filter(({ state }) => state !== 'retired').at(-1) ?? rules.at(-1);
  if (newest === undefined) return <Empty title={words.missing} />;
  const entry = entryOf(newest);
  return (
    <div className="page">
      <div className="crumb">
        <NavLink to="/rules">← {words.back}</NavLink>
        <kbd>Esc</kbd>
      </div>
      <section className="card" aria-label={say(entry.name)}>
        <header className="head">
          {LEVELS.includes(entry.level) ? <LevelTag level={entry.level as Level} big /> : null}
          <h2 className="wrap">{say(entry.name)}</h2>
          <code className="soft">{id}</code>
        </header>
        <dl className="facts body">
          <Fact name={words.when} value={<code className="formula">{entry.when}</code>} />
          {entry.unless === null ? null : <Fact name={words.unless} value={<code className="formula">{entry.unless}</code>} />}
          {entry.says === null ? null : <Fact name={words.says} value={say(entry.says)} />}
          <Fact
            name={words.scams}
            value={entry.scams.map((scam) => (scam in SCAMS ? SCAMS[scam as keyof typeof SCAMS][language] : scam)).join(' · ')}
          />
          <Fact name={words.columns.owner} value={entry.owner} />
          <Fact name={words.examples} value={words.exampleCount(entry.examples)} />
        </dl>
      </section>
      <section className="card" aria-label={words.versions}>
        <header>
          <h2>{words.versions}</h2>
          <span className="small soft cut">{words.subtitle}</span>
        </header>
        <div className="scroll">
          <table className="grid versions">
            <thead>
              <tr>
                <th>{words.version}</th>
                <th>{words.columns.state}</th>
                <th>{words.proposedBy}</th>
                <th className="num" title={words.radiusHint}>
                  {words.columns.radius}
                </th>
                <th className="num" title={words.countHint}>
                  {words.columns.count}
                </th>
                <th aria-label={texts.erasures.columns.act} />
              </tr>
            </thead>
            <tbody>
              {rules.toReversed().map((version) => (
                <Version key={version.version} version={version} steps={steps} onAsk={(act) => setAsked({ version, act })} />
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <LifeCard
        title={words.life}
        hint={words.lifeHint}
        empty={words.none}
        steps={steps}
        nameOf={({ step }) => words.steps[step] ?? step}
        versionOf={({ version }) => version.slice(0, 8)}
        numbersOf={({ numbers }) => numbersSaid(numbers, words)}
      />
      {asked === null ? null : <RuleActDialog {...asked} name={say(entry.name)} onClose={() => setAsked(null)} />}
    </div>
  );
}

const Fact = ({ name, value }: { readonly name: string; readonly value: ReactNode }): ReactNode => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
);

function Version({
  version,
  steps,
  onAsk,
}: {
  readonly version: RuleListed;
  readonly steps: readonly RuleStep[];
  readonly onAsk: (act: RuleAct) => void;
}): ReactNode {
  const texts = useTexts();
  const words = texts.rules;
  const me = useMe();
  const nowMs = useCountyNow();
  const acts = me.role === 'auditor' ? [] : (NEXT[version.state] ?? []);
  const since = steps.find((step) => step.version === version.version && step.step === 'shadow')?.atMs ?? nowMs;
  const leftMs = since + RULE_SHADOW_MS - nowMs;
  /** Why an act that is next cannot be done by this person now. */
  const barred = (act: RuleAct): string | null => {
    if (!LEADERS.includes(act)) return null;
    if (me.role !== 'leader') return words.leaderOnly;
    if (act === 'approve' && authorsOf(steps).has(me.account)) return words.own;
    return act === 'approve' && leftMs > 0 ? words.dayLeft(duration(leftMs, texts)) : null;
  };
  const hints = [...new Set(acts.flatMap((act) => barred(act) ?? []))];
  return (
    <tr className={version.state === 'retired' ? 'soft' : ''}>
      <td>
        <code title={version.version}>{version.version.slice(0, 8)}</code>
      </td>
      <td>
        <StateTag state={version.state} says={words.states[version.state]} />
      </td>
      <td>
        {version.proposedBy === 'release' ? words.release : version.proposedBy}
        <div className="small soft">{dayTime(version.createdMs)}</div>
      </td>
      <td className="num">
        <Radius version={version} />
      </td>
      <td className="num">
        {version.count === null ? (
          <span className="soft">{words.noCount}</span>
        ) : (
          <>
            {words.perDay(version.count.personsPerDayMax)}
            <div className="small soft">{words.times(version.count.times.toLocaleString('en-US'))}</div>
          </>
        )}
      </td>
      <td className="acts">
        <span>
          {acts.map((act, index) => (
            <Button
              key={act}
              size="small"
              type={index === 0 && act !== 'roll-back' ? 'primary' : act === 'retire' ? 'text' : 'default'}
              danger={act === 'roll-back' || act === 'retire'}
              disabled={barred(act) !== null}
              onClick={() => onAsk(act)}
            >
              {words.acts[act]}
            </Button>
          ))}
        </span>
        {hints.map((hint) => (
          <div key={hint} className="small soft">
            {hint}
          </div>
        ))}
      </td>
    </tr>
  );
}

/** Numbers of a step in words; what has no word is for the machine. */
function numbersSaid(
  numbers: Readonly<Record<string, unknown>>,
  { facts, factNone }: { facts: Readonly<Record<string, string>>; factNone: string },
): string[] {
  return Object.entries(numbers).flatMap(([key, value]) => {
    const name = facts[key];
    if (name === undefined) return [];
    if (typeof value === 'number') return [`${name} ${value.toLocaleString('en-US')}`];
    return value === null ? [`${name} ${factNone}`] : typeof value === 'string' ? [`${name} ${value.slice(0, 8)}`] : [];
  });
}
