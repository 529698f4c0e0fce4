import { ruleEntry, type Rule } from '@skyeye/catalogue';
import { ruleBacktest } from '@skyeye/contracts';
import { readText, Refusal } from './files.ts';

/** Steps of a rule's life as the command centre's API has them. */
export const ACTS = ['propose', 'check-draft', 'record-backtest', 'shadow', 'approve', 'live', 'retire', 'roll-back'] as const;
type Act = (typeof ACTS)[number];

interface ActOptions {
  readonly at: string;
  readonly account?: string | undefined;
  readonly password: string | undefined;
  readonly reason?: string | undefined;
  readonly numbers?: string | undefined;
}

const PATHS: Readonly<Record<Exclude<Act, 'propose'>, string>> = {
  'check-draft': 'check',
  'record-backtest': 'backtest',
  shadow: 'shadow',
  approve: 'approve',
  live: 'live',
  retire: 'retire',
  'roll-back': 'roll-back',
};
const REQUEST_MS = 10_000;

/** Does a step for one rule as the person who signs in. @returns what was done @throws Refusal with the reason of the API */
export async function act(
  step: Act,
  [rule, ...more]: readonly Rule[],
  { at, account, password, reason, numbers }: ActOptions,
): Promise<string> {
  if (rule === undefined || more.length > 0)
    throw new Refusal(`${step}: of one rule at a time; the file has ${more.length + (rule === undefined ? 0 : 1)}`);
  if (account === undefined || password === undefined) throw new Refusal('--account and SKYEYE_PASSWORD are needed to sign in');
  if (reason === undefined) throw new Refusal('--reason is missing: it is kept with the step');
  const { id, version } = rule;
  const cookie = (await send(`${at}/api/session`, { account, password })).headers.getSetCookie().map((text) => text.split(';')[0]);
  const body =
    step === 'propose'
      ? { rule: Object.fromEntries(Object.entries(rule).filter(([key]) => Object.hasOwn(ruleEntry.shape, key))), reason }
      : step === 'roll-back'
        ? { reason }
        : { version, reason, ...(step === 'record-backtest' ? { numbers: numbersOf(numbers) } : {}) };
  const reply = await send(`${at}/api/rules${step === 'propose' ? '' : `/${id}/${PATHS[step]}`}`, body, cookie.join('; '));
  return `${id} ${version}: ${step} done ${await reply.text()}`.trimEnd();
}

function numbersOf(path: string | undefined): unknown {
  if (path === undefined) throw new Refusal('--numbers is missing: what backtest --json wrote');
  const read = ruleBacktest.safeParse(JSON.parse(readText(path)));
  if (!read.success) throw new Refusal(`${path}: not the numbers of a backtest`);
  return read.data;
}

async function send(url: string, body: object, cookie?: string): Promise<Response> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cookie === undefined ? {} : { cookie }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_MS),
  });
  if (!reply.ok) throw new Refusal(`${reply.status}: ${await reply.text()}`);
  return reply;
}
