import { SCAMS, type Scam } from '@skyeye/contracts';
import { z } from 'zod';
import { errors } from './errors.ts';
import counterData from './generated/counter.json' with { type: 'json' };
import taskData from './generated/tasks.json' with { type: 'json' };
import trackData from './generated/talk-tracks.json' with { type: 'json' };

/** What an officer says, what the scammer has told the victim to say, what to look for. Chinese: it is read out at a door. */
const talkTrack = z.strictObject({
  openers: z.array(z.string()).length(3),
  scammerSays: z.array(z.string()).min(3),
  lookFor: z.array(z.string()).min(3),
});
export type TalkTrack = z.infer<typeof talkTrack>;

/** A grid worker's task: no account, no call, no score in it. */
const gridTask = z.strictObject({ task: z.string(), teach: z.array(z.string()).length(3), asks: z.array(z.string()).min(1) });
export type GridTask = z.infer<typeof gridTask>;

const reminder = z.strictObject({ template: z.string(), reminder: z.string() });
const counterCommon = z.strictObject({
  checks: z.array(z.strictObject({ id: z.enum(['holder', 'transaction', 'payee']), asks: z.string() })).length(3),
  questions: z.array(z.strictObject({ id: z.enum(['purpose', 'guided']), asks: z.string() })).length(2),
});

/** One entry for each type of scam, and `general` for a person whose scam is not known yet. */
function perScam<T>(entry: z.ZodType<T>, data: unknown): Readonly<Record<Scam | 'general', T>> {
  const names = [...Object.keys(SCAMS), 'general'];
  const schema = z.strictObject({
    note: z.string(),
    common: z.unknown().optional(),
    ...Object.fromEntries(names.map((name) => [name, entry])),
  });
  const read = schema.safeParse(data);
  if (!read.success) throw errors.entryInvalid({ reason: z.prettifyError(read.error) });
  return Object.freeze(read.data) as unknown as Readonly<Record<Scam | 'general', T>>;
}

const tracks = perScam(talkTrack, trackData);
const tasks = perScam(gridTask, taskData);
const reminders = perScam(reminder, counterData);
const common = counterCommon.parse(counterData.common);

export function talkTrackFor(scam: Scam | null): TalkTrack {
  return tracks[scam ?? 'general'];
}

export function gridTaskFor(scam: Scam | null): GridTask {
  return tasks[scam ?? 'general'];
}

/** Texts of the three checks, two questions and one reminder (三查两问一提醒) of one type of scam. */
export interface CounterTexts {
  readonly checks: Readonly<Record<'holder' | 'transaction' | 'payee', string>>;
  readonly questions: Readonly<Record<'purpose' | 'guided', string>>;
  readonly reminder: { readonly template: string; readonly text: string };
}

export function counterTextsFor(scam: Scam | null): CounterTexts {
  const { template, reminder: text } = reminders[scam ?? 'general'];
  const asks = (entries: readonly { readonly id: string; readonly asks: string }[]): Record<string, string> =>
    Object.fromEntries(entries.map((entry) => [entry.id, entry.asks]));
  return {
    checks: asks(common.checks) as CounterTexts['checks'],
    questions: asks(common.questions) as CounterTexts['questions'],
    reminder: { template, text },
  };
}
