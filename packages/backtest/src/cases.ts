import { readFileSync } from 'node:fs';
import type { StreamEvent } from '@skyeye/contracts';
import { z } from 'zod';
import { errors } from './errors.ts';

/** A fraud that is known by now: of whom, when, and what was lost. */
export interface Case {
  readonly person: string;
  readonly script: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly losses: readonly { readonly atMs: number; readonly amtFen: number }[];
}

const label = z.object({
  script: z.string(),
  label: z.enum(['fraud', 'benign']),
  person: z.string(),
  firstContactMs: z.number(),
  lastStepMs: z.number(),
  lost: z.array(z.object({ atMs: z.number(), amtFen: z.number() })),
});
const OFFENDERS = new Set(['mule_ring', 'scam_caller']);

/** Victims of a file of labels, a JSON object a line, as `pnpm simulate --labels` writes it. @throws BACKTEST_LINE_BROKEN */
export function readLabels(path: string): Case[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line === '') return [];
      let parsed: z.infer<typeof label>;
      try {
        parsed = label.parse(JSON.parse(line));
      } catch (cause) {
        throw errors.lineBroken({ line: index + 1 }, cause);
      }
      const { label: kind, script, person, firstContactMs, lastStepMs, lost } = parsed;
      return kind === 'fraud' && !OFFENDERS.has(script)
        ? [{ person, script, fromMs: firstContactMs, untilMs: lastStepMs, losses: lost }]
        : [];
    });
}

/** How long before a report the fraud may have begun, when nothing but the report is known. */
const BEFORE_REPORT_MS = 72 * 3_600_000;

/** A victim's report to the police among the stored events; what was lost is not said there. */
export function reported(event: StreamEvent): Case[] {
  const { person } = event as { readonly person?: unknown };
  if (event.stream !== 'intel' || event['ev'] !== 'case_report' || event['role'] !== 'victim' || typeof person !== 'string') return [];
  const scam = event['scam'];
  return [
    {
      person,
      script: typeof scam === 'string' ? scam : 'unknown',
      fromMs: event.t - BEFORE_REPORT_MS,
      untilMs: event.t,
      losses: [{ atMs: event.t, amtFen: 0 }],
    },
  ];
}
