import type { EvidenceItem, IncidentDetail } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { isBeingDefrauded } from '../queue/order.ts';
import { shortTime } from '../live/county-clock.ts';
import { useCountyNow } from '../live/use-feed.tsx';
import { yuan } from '../shell/format.ts';
import { useTexts } from '../texts/language.tsx';
import { payeeOf } from './payee.ts';

interface Target {
  readonly peer: string;
  readonly amountFen: number;
  readonly lastMs: number;
  readonly state: 'gone' | 'habit' | 'stopped' | 'pending' | 'delayed';
}

const TARGETS_MAX = 5;
/** Habitual payments from longer before the alert do not belong to it. */
const BEFORE_MS = 30 * 60_000;
const ORDER = ['pending', 'delayed', 'stopped', 'gone', 'habit'] as const;

/**
 * Payees of this episode: what has gone to strangers, what a hold keeps back, and, quietly, what the person paid to others
 * meanwhile. Payments between own accounts do not count.
 */
function targetsOf(evidence: readonly EvidenceItem[], { holds, createdMs }: IncidentDetail): Target[] {
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
      hold.state === 'confirmed' ? 'stopped' : hold.state === 'expired' ? 'gone' : hold.outcome === 'delay' ? 'delayed' : 'pending',
    );
  }
  for (const item of evidence) {
    const payee = payeeOf(item);
    if (payee === null || item.amountFen === null || item.peer === null) continue;
    if (payee === 'habit' && item.t < createdMs - BEFORE_MS) continue;
    if (holds.some((hold) => hold.peer === item.peer && hold.amountFen === item.amountFen && hold.state !== 'released')) continue;
    const state = payee === 'habit' ? 'habit' : 'gone';
    add(`${state}:${item.peer}`, item.peer, item.amountFen, item.t, state);
  }
  return [...targets.values()].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.lastMs - a.lastMs);
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
  const targets = targetsOf(evidence, detail);
  const says = { gone: money.sent, habit: money.habit, stopped: money.stopped, pending: money.pending, delayed: money.delayed } as const;
  const grave = isBeingDefrauded(detail) ? 'P1' : 'P2';
  const inks = { gone: `ink ${grave}`, habit: 'soft', stopped: 'ink ok', pending: 'ink P2', delayed: 'ink P2' } as const;
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
                <div
                  key={`${target.peer}:${target.state}:${target.lastMs}`}
                  className={`node ${target.state} ${target.state === 'gone' ? grave : ''}`}
                >
                  <b className={inks[target.state]}>
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
