import type { Instance, PaidOut } from './scripts/instance.ts';

/** What really happened: for training and for tests only. Nothing that decides may read it. */
export interface Label {
  readonly plan: string;
  readonly script: string;
  readonly label: 'fraud' | 'benign';
  /** Identity number, phone and accounts of the person, in clear. */
  readonly person: string;
  readonly phone: string | null;
  readonly accounts: readonly string[];
  /** Numbers from outside that call the person, or that the person calls from. */
  readonly callers: readonly string[];
  /** Accounts that take the money. */
  readonly mules: readonly string[];
  readonly firstContactMs: number;
  readonly firstLossMs: number | null;
  readonly lastStepMs: number;
  readonly lost: readonly PaidOut[];
  readonly lostFen: number;
  readonly state: 'running' | 'stopped' | 'done';
  readonly stoppedMs: number | null;
}

export type LabelSink = (label: Label) => void;

export function labelOf(instance: Instance): Label {
  const { plan } = instance;
  const roles = [...plan.roles.values()];
  const offsets = plan.steps.map((step) => step.offsetMs);
  return {
    plan: plan.id,
    script: plan.script.id,
    label: plan.script.label,
    person: plan.victim.id,
    phone: plan.victim.phone,
    accounts: roles.filter((role) => role.person === plan.victim.id).map((role) => role.no),
    mules: roles.filter((role) => role.mule).map((role) => role.no),
    callers: plan.callers,
    firstContactMs: plan.t0Ms + Math.max(0, Math.min(...offsets)),
    firstLossMs: instance.lost[0]?.atMs ?? null,
    lastStepMs: plan.t0Ms + Math.max(...offsets),
    lost: instance.lost,
    lostFen: instance.lostFen,
    state: instance.state,
    stoppedMs: instance.stoppedMs,
  };
}
