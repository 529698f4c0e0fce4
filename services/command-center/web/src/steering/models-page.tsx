import { MODEL_WATCH_MS, type ModelCounts, type ModelList, type ModelListed } from '@skyeye/contracts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { dayTime } from '../live/county-clock.ts';
import { useCountyNow, useMe } from '../live/use-feed.tsx';
import { duration } from '../shell/format.ts';
import { Empty, Failing, Loading } from '../shell/page-states.tsx';
import { useTexts } from '../texts/language.tsx';
import { ActDialog } from './act-dialog.tsx';
import { LifeCard } from './life-card.tsx';
import { ModelTableCard } from './model-table.tsx';
import { StateTag } from './state-tag.tsx';
import './steering.css';
import { useChange } from './use-change.ts';

type ModelAct = 'watch' | 'promote' | 'retire' | 'roll-back';
interface Asked {
  readonly name: string;
  readonly version: string;
  readonly act: ModelAct;
}

const EVERY_MS = 10_000;
const CHANGED = ['models'];

/** What decides, what watches beside it and how they differ, what else was proposed, and every step. */
export function ModelsPage(): ReactNode {
  const { models: words } = useTexts();
  const [asked, setAsked] = useState<Asked | null>(null);
  const change = useChange(CHANGED);
  const list = useQuery({ queryKey: ['models'], queryFn: api.models, refetchInterval: EVERY_MS });
  if (list.data === undefined)
    return list.error === null ? <Loading /> : <Failing error={list.error} onRetry={() => void list.refetch()} />;
  const { seq, scorer, models, steps } = list.data;
  const names = [...new Set([...(scorer?.models ?? []).map(({ name }) => name), ...models.map(({ name }) => name)])];
  return (
    <div className="page">
      {scorer === null ? (
        <Alert type="info" showIcon title={words.noScorer} />
      ) : scorer.seq < seq ? (
        <Alert type="warning" showIcon title={words.behind} />
      ) : null}
      {(scorer?.models ?? []).flatMap(({ refused }) =>
        refused.map(({ model, code }) => <Alert key={`${model} ${code}`} type="error" showIcon title={words.refused(model, code)} />),
      )}
      {names.map((name) => (
        <Place key={name} name={name} list={list.data} counts={scorer?.models.find((one) => one.name === name)} onAsk={setAsked} />
      ))}
      {names.length === 0 ? <Empty title={words.emptyTitle} hint={words.emptyHint} /> : null}
      <LifeCard
        title={words.life}
        empty={words.emptyLife}
        steps={steps}
        nameOf={({ step }) => words.steps[step] ?? step}
        versionOf={({ name, version }) => `${name}/${version}`}
        numbersOf={() => []}
      />
      {asked === null ? null : (
        <ActDialog
          title={words.acts[asked.act]}
          about={`${words.names[asked.name] ?? asked.name} · ${asked.name}/${asked.version}`}
          explain={words.explain[asked.act]}
          submit={words.acts[asked.act]}
          danger={asked.act === 'roll-back' || asked.act === 'retire'}
          act={(reason) =>
            change(
              () => api.actOnModel(asked.name, asked.act, asked.act === 'roll-back' ? { reason } : { version: asked.version, reason }),
              words.done[asked.act],
            )
          }
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

/** The place of one model: who stands there, who watches, who was proposed. */
function Place({
  name,
  list,
  counts,
  onAsk,
}: {
  readonly name: string;
  readonly list: ModelList;
  readonly counts: ModelCounts['models'][number] | undefined;
  readonly onAsk: (asked: Asked) => void;
}): ReactNode {
  const { models: words } = useTexts();
  const own = list.models.filter((model) => model.name === name);
  const champion = own.find(({ state }) => state === 'champion');
  const watching = own.find(({ state }) => state === 'challenger');
  const rest = own.filter(({ state }) => state === 'proposed');
  const [shown, setShown] = useState<string | null>(null);
  const compared = own.find(({ version }) => version === shown) ?? watching ?? rest[0] ?? champion;
  const show = (version: string): ReactNode =>
    own.length < 2 ? null : (
      <Button type="link" size="small" aria-pressed={compared?.version === version} onClick={() => setShown(version)}>
        {words.table}
      </Button>
    );
  const deciding = counts?.champion ?? (champion === undefined ? null : `${name}/${champion.version}`);
  const watches = counts?.challenger ?? (watching === undefined ? null : `${name}/${watching.version}`);
  return (
    <section className="card" aria-label={words.names[name] ?? name}>
      <header>
        <h2>{words.names[name] ?? name}</h2>
        <code className="small soft">{name}</code>
      </header>
      <div className="places">
        <div className="place">
          <h3>{words.champion}</h3>
          <p className="big">{deciding === null || deciding === 'none' ? words.none : deciding}</p>
          <p className="small soft">{champion === undefined ? words.ofRelease : <Digest model={champion} />}</p>
          {champion === undefined ? null : (
            <Acts model={champion} list={list} onAsk={onAsk}>
              {show(champion.version)}
            </Acts>
          )}
        </div>
        <div className="place">
          <h3>{words.challenger}</h3>
          {watches === null ? (
            <>
              <p className="soft">{words.noChallenger}</p>
              <p className="small soft">{words.noChallengerHint}</p>
            </>
          ) : (
            <>
              <p className="big">{watches}</p>
              {watching === undefined ? null : (
                <p className="small soft">
                  <Digest model={watching} />
                </p>
              )}
              {counts === undefined ? null : <Counts counts={counts.counts} />}
              {watching === undefined ? null : (
                <Acts model={watching} list={list} onAsk={onAsk}>
                  {show(watching.version)}
                </Acts>
              )}
            </>
          )}
        </div>
        <div className="place">
          <h3>{words.proposals}</h3>
          {rest.length === 0 ? (
            <>
              <p className="soft">{words.emptyTitle}</p>
              <p className="small soft">{words.emptyHint}</p>
            </>
          ) : (
            <ul className="proposals">
              {rest.map((model) => (
                <li key={model.version}>
                  <b>
                    {name}/{model.version}
                  </b>{' '}
                  <StateTag state={model.state} says={words.states[model.state]} />
                  <div className="small soft">
                    {model.proposedBy} · {dayTime(model.createdMs)} · <Digest model={model} />
                  </div>
                  <Acts model={model} list={list} onAsk={onAsk}>
                    {show(model.version)}
                  </Acts>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
      {compared === undefined ? null : <ModelTableCard table={compared.table} />}
    </section>
  );
}

function Digest({ model }: { readonly model: ModelListed }): ReactNode {
  const { models: words } = useTexts();
  return (
    <span title={model.digest}>
      {words.digest} <code>{model.digest.slice(0, 10)}</code>
    </span>
  );
}

/** How the two stand beside each other, as one bar: agreement is quiet, difference is seen. */
function Counts({ counts }: { readonly counts: ModelCounts['models'][number]['counts'] }): ReactNode {
  const { models: words } = useTexts();
  const judged = counts.agrees + counts.higher + counts.lower;
  const parts = (['agrees', 'higher', 'lower', 'failed', 'passedOver'] as const).filter((name) => counts[name] > 0);
  const share = (count: number): string => (judged === 0 ? '' : `${((100 * count) / judged).toFixed(1)}%`);
  return (
    <div className="watched">
      <div className="small">{words.judged(judged.toLocaleString('en-US'))}</div>
      <div className="split" role="img" aria-label={parts.map((name) => `${words.counts[name]} ${counts[name]}`).join(',')}>
        {(['agrees', 'higher', 'lower'] as const).map((name) =>
          counts[name] === 0 ? null : <i key={name} className={name} style={{ flexGrow: counts[name] }} />,
        )}
      </div>
      <ul className="small">
        {parts.map((name) => (
          <li key={name}>
            <i className={`dot ${name}`} />
            {words.counts[name]} {counts[name].toLocaleString('en-US')}{' '}
            <span className="soft">{name === 'failed' || name === 'passedOver' ? '' : share(counts[name])}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Acts({
  model,
  list,
  onAsk,
  children,
}: {
  readonly model: ModelListed;
  readonly list: ModelList;
  readonly onAsk: (asked: Asked) => void;
  readonly children: ReactNode;
}): ReactNode {
  const texts = useTexts();
  const words = texts.models;
  const me = useMe();
  const nowMs = useCountyNow();
  if (me.role === 'auditor') return <div className="acts">{children}</div>;
  const { name, version, state } = model;
  const own = list.steps.filter((step) => step.name === name && step.version === version);
  const since = own.findLast(({ step }) => step === 'challenger')?.atMs ?? nowMs;
  const leftMs = since + MODEL_WATCH_MS - nowMs;
  const barred =
    state !== 'challenger'
      ? null
      : me.role !== 'leader'
        ? words.leaderOnly
        : own.some(({ step, by }) => step === 'proposed' && by === me.account)
          ? words.own
          : leftMs > 0
            ? words.dayLeft(duration(leftMs, texts))
            : null;
  const acts: readonly ModelAct[] =
    state === 'proposed' ? ['watch', 'retire'] : state === 'challenger' ? ['promote', 'retire'] : state === 'champion' ? ['roll-back'] : [];
  return (
    <div className="acts">
      <span>
        {acts.map((act) => (
          <Button
            key={act}
            size="small"
            type={act === 'retire' ? 'text' : act === 'roll-back' ? 'default' : 'primary'}
            danger={act === 'roll-back' || act === 'retire'}
            disabled={act === 'promote' && barred !== null}
            onClick={() => onAsk({ name, version, act })}
          >
            {words.acts[act]}
          </Button>
        ))}
        {children}
      </span>
      {barred === null ? null : <div className="small soft">{barred}</div>}
    </div>
  );
}
