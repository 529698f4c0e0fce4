import type { EvidenceItem, Hold, IncidentDetail } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { shortTime } from '../live/county-clock.ts';
import { useCountyNow } from '../live/use-feed.tsx';
import { yuan } from '../shell/format.ts';
import { useTexts } from '../texts/language.tsx';

interface Target {
  readonly peer: string;
  readonly amountFen: number;
  readonly lastMs: number;
  readonly state: 'gone' | 'stopped' | 'pending';
}

const TARGETS_MAX = 5;

/** Payees of this episode: what has gone there and what a hold keeps back. Payments between own accounts do not count. */
function targetsOf(evidence: readonly EvidenceItem[], holds: readonly Hold[]): Target[] {
  const targets = new Map<string, Target>();
  const add = (key: string, peer: string, amountFen: number, atMs: number, state: Target['state']): void => {
    const known = targets.get(key);
    targets.set(key, { peer, state, amountFen: (known?.amountFen ?? 0) + amountFen, lastMs: Math.max(known?.lastMs ?? 0, atMs) });
  };
  for (const hold of holds) {
    if (hold.outcome === 'allow' || hold.state === 'released') continue;
    add(
      `hold:${hold.id}`,
      hold.peer,
      hold.amountFen,
      hold.createdMs,
      hold.state === 'confirmed' ? 'stopped' : hold.state === 'expired' ? 'gone' : 'pending',
    );
  }
  for (const item of evidence) {
    if (item.amountFen === null || item.peer === null || item.facts['dir'] !== 'out' || item.facts['rel'] === 'self') continue;
    if (holds.some((hold) => hold.peer === item.peer && hold.amountFen === item.amountFen && hold.state !== 'released')) continue;
    add(item.peer, item.peer, item.amountFen, item.t, 'gone');
  }
  return [...targets.values()].sort((a, b) => b.lastMs - a.lastMs);
}

export function MoneyCard({
  detail,
  evidence,
}: {
  readonly detail: IncidentDetail;
  readonly evidence: readonly EvidenceItem[];
}): ReactNode {
  const { money } = useTexts();
  const nowMs = useCountyNow();
  const targets = targetsOf(evidence, detail.holds);
  const says = { gone: money.sent, stopped: money.stopped, pending: money.pending } as const;
  return (
    <section className="card" aria-label={money.title}>
      <header>
        <h2>{money.title}</h2>
        <span className="small soft">{money.asOf(shortTime(nowMs))}</span>
      </header>
      <div className="body">
        {targets.length === 0 ? (
          <p className="soft">{money.empty}</p>
        ) : (
          <div className="flow">
            <div className="node">
              <b>{money.own}</b>
              <div className="small soft">{money.total(yuan(detail.lostFen))}</div>
            </div>
            <svg viewBox="0 0 36 24" aria-hidden="true">
              <path d="M2 12h30M25 5l7 7-7 7" strokeWidth="2" />
            </svg>
            <div className="to">
              {targets.slice(0, TARGETS_MAX).map((target) => (
                <div key={`${target.peer}:${target.state}:${target.lastMs}`} className={`node ${target.state}`}>
                  <b className={target.state === 'gone' ? 'ink P1' : target.state === 'stopped' ? 'ink ok' : 'ink P2'}>
                    {yuan(target.amountFen)} {says[target.state]}
                  </b>
                  <div className="small soft cut" title={target.peer}>
                    {shortTime(target.lastMs)} · …{target.peer.slice(-6)}
                  </div>
                </div>
              ))}
            </div>
          </div>
        )}
      </div>
    </section>
  );
}
