import type { Hold } from '@skyeye/contracts';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/routes.ts';
import { clockTime } from '../live/county-clock.ts';
import { useCountyNow } from '../live/use-feed.tsx';
import { stopwatch, yuan } from '../shell/format.ts';
import { useTexts } from '../texts/language.tsx';

const CHECKS = ['holder', 'transaction', 'payee'] as const;
const QUESTIONS = ['purpose', 'guided'] as const;

/** What the bank did and what its counter found: three checks, two questions, one reminder. */
export function BankCard({ holds }: { readonly holds: readonly Hold[] }): ReactNode {
  const { hold: words } = useTexts();
  const county = useQuery({ queryKey: ['county'], queryFn: api.county, staleTime: Number.POSITIVE_INFINITY });
  const code = holds[0]?.bank;
  const bank = county.data?.banks.find((one) => one.code === code)?.name ?? code;
  return (
    <section className="card" aria-label={words.title}>
      <header>
        <h2>{words.title}</h2>
        {bank === undefined ? null : <span className="small soft cut">{bank}</span>}
      </header>
      <div className="body" style={{ display: 'grid', gap: 14 }}>
        {holds.length === 0 ? <p className="soft">{words.none}</p> : holds.map((hold) => <OneHold key={hold.id} hold={hold} />)}
      </div>
    </section>
  );
}

function OneHold({ hold }: { readonly hold: Hold }): ReactNode {
  const texts = useTexts();
  const words = texts.hold;
  const nowMs = useCountyNow();
  const counter = hold.counter;
  const line = (name: string, value: string | undefined): ReactNode =>
    value === undefined ? null : [<dt key={name}>{name}</dt>, <dd key={`${name}:is`}>{value}</dd>];
  return (
    <div>
      <div className={`mark square strong ink ${hold.state === 'active' ? 'P2' : hold.state === 'confirmed' ? 'ok' : ''}`}>
        {texts.holdOutcomes[hold.outcome]} {yuan(hold.amountFen)} · {texts.holdStates[hold.state]}
      </div>
      <p className="small soft">
        {words.placed(clockTime(hold.createdMs))} · {words.reason(hold.reasonCode)}
        {hold.state === 'active' && hold.expiresMs !== null ? ` · ${words.expires(stopwatch(hold.expiresMs - nowMs))}` : ''}
        {hold.endedMs === null ? '' : ` · ${words.ended(clockTime(hold.endedMs), hold.endedBy ?? texts.feed.system)}`}
      </p>
      {hold.endedReason === null ? null : <p className="small">{hold.endedReason}</p>}
      {counter === null ? (
        <p className="small soft">{words.pendingCounter}</p>
      ) : (
        <dl className="facts" style={{ marginTop: 6 }}>
          {CHECKS.map((check) => line(`${words[check]}`, counter[check]))}
          {QUESTIONS.map((question) => line(`${words[question]}`, counter[question]))}
          {line(words.reminder, counter['reminder'])}
          {Object.entries(counter)
            .filter(([key]) => ![...CHECKS, ...QUESTIONS, 'reminder'].includes(key as (typeof CHECKS)[number]))
            .map(([key, value]) => line(key, value))}
        </dl>
      )}
    </div>
  );
}
