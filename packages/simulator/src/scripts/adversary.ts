import type { Plan, PlannedPayment, PlannedStep } from './plan.ts';

/** What scammers may do who know how they are looked for. */
export const ADVERSARIES = ['none', 'split', 'wait', 'warm'] as const;
export type Adversary = (typeof ADVERSARIES)[number];

const MIN_MS = 60_000;
/** Amounts are split into so many, so far apart. */
const PARTS = 4;
const APART_MS = 12 * MIN_MS;
/** Past every window of a day, and past the day in which a payee still is new. */
const WAIT_MS = 25 * 60 * MIN_MS;
const WARM_YUAN = 88;

type PaymentStep = PlannedStep & { readonly act: { readonly kind: 'payment'; readonly payment: PlannedPayment } };

/**
 * A script as somebody lives it whom such scammers work on. `split`: each payment to them in four, twelve minutes apart. `wait`: they
 * hang up before the first payment and let 25 hours pass. `warm`: they do so after 88 yuan to each payee, who then is not new
 * any more. The same plan gives the same.
 */
export function adversarial(plan: Plan, how: Adversary): Plan {
  const isTheirs = (step: PlannedStep): step is PaymentStep =>
    step.act.kind === 'payment' &&
    step.act.payment.to.mule &&
    !step.act.payment.from.mule &&
    step.act.payment.from.person === plan.victim.id;
  const payments = plan.steps.filter(isTheirs);
  const first = payments[0];
  if (how === 'none' || first === undefined || plan.script.label !== 'fraud') return plan;
  let next = Math.max(...plan.steps.map(({ index }) => index)) + 1;
  const steps =
    how === 'split'
      ? plan.steps.flatMap((step) => (isTheirs(step) ? parts(step, () => next++) : [step]))
      : [...waited(plan.steps, first.offsetMs), ...(how === 'warm' ? warming(payments, () => next++) : [])];
  return { ...plan, steps: steps.toSorted((a, b) => a.offsetMs - b.offsetMs || a.index - b.index) };
}

function parts({ index, offsetMs, act }: PaymentStep, fresh: () => number): PaymentStep[] {
  const { payment } = act;
  return Array.from({ length: PARTS }, (_, part) => ({
    index: part === 0 ? index : fresh(),
    offsetMs: offsetMs + part * APART_MS,
    // A share of what is there: each part the same money.
    act: {
      kind: 'payment',
      payment: { ...payment, yuan: payment.yuan / PARTS, all: payment.all / PARTS / (1 - (part * payment.all) / PARTS) },
    },
  }));
}

/** Calls and sharing that are open end as planned: nobody stays on the telephone for a day. */
function waited(steps: readonly PlannedStep[], fromMs: number): PlannedStep[] {
  const begun = new Set(steps.flatMap(({ act, offsetMs }) => (act.kind === 'call' && offsetMs < fromMs ? [act.call.id] : [])));
  return steps.map((step) => {
    const { act, offsetMs } = step;
    const ends = (act.kind === 'hangUp' && begun.has(act.call.id)) || (act.kind === 'records' && act.share === 'stop');
    return offsetMs < fromMs || ends ? step : { ...step, offsetMs: offsetMs + WAIT_MS };
  });
}

function warming(payments: readonly PaymentStep[], fresh: () => number): PaymentStep[] {
  const payees = new Map(payments.map((step) => [step.act.payment.to.no, step]));
  const fromMs = Math.min(...payments.map(({ offsetMs }) => offsetMs));
  return [...payees.values()].map(({ act: { payment } }, at) => ({
    index: fresh(),
    offsetMs: fromMs + at * MIN_MS,
    act: { kind: 'payment', payment: { ...payment, yuan: WARM_YUAN, all: 0 } },
  }));
}
