import { readFileSync } from 'node:fs';
import { modelList, modelTable, type ModelNumbers, type ModelTable } from '@skyeye/contracts';
import { modelDigest, readModelFiles } from '@skyeye/model';

/** Steps of a model's life as the command centre's API has them. */
export const ACTS = ['propose', 'watch', 'promote', 'retire', 'roll-back'] as const;
type Act = (typeof ACTS)[number];

/** The caller's mistake, already worded: printed alone, exit code 2. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

export interface ActOptions {
  readonly at: string;
  readonly account?: string | undefined;
  readonly password: string | undefined;
  readonly reason?: string | undefined;
  readonly table?: string | undefined;
}

const REQUEST_MS = 10_000;

/**
 * Does a step as the person who signs in. `target`: for `propose` the folder, else `<name>/<version>`, for `roll-back` the name.
 * A promotion prints the table first. @returns what was done @throws Refusal with the reason of the API
 */
export async function act(step: Act, target: string, options: ActOptions): Promise<string> {
  const { at, reason } = options;
  if (reason === undefined) throw new Refusal('--reason is missing: it is kept with the step');
  const session = await signIn(options);
  if (step === 'propose') {
    const { name, version } = (await readModelFiles(target)).signature;
    const digest = await modelDigest(target);
    await send(`${at}/api/models`, { name, version, digest, table: tableOf(options.table), reason }, session);
    return `${name}/${version}: proposed, content ${digest.slice(0, 12)}`;
  }
  const [name = '', version] = target.split('/');
  if (step === 'roll-back') {
    const reply = await send(`${at}/api/models/${name}/roll-back`, { reason }, session);
    const { champion } = (await reply.json()) as { champion: string | null };
    return `${name}: taken back; ${champion === null ? "the release's own" : `${name}/${champion}`} decides`;
  }
  if (version === undefined) throw new Refusal(`${step}: <name>/<version> is needed`);
  const shown = step === 'promote' ? await shownTable(at, session, name, version) : '';
  await send(`${at}/api/models/${name}/${step}`, { version, reason }, session);
  return `${shown}${name}/${version}: ${{ watch: 'watches', promote: 'decides', retire: 'retired' }[step]}`;
}

/** What decides, watches and was proposed, with tables and what the scorer counted. @throws Refusal */
export async function listed(options: ActOptions): Promise<string> {
  const session = await signIn(options);
  const { models, scorer } = modelList.parse(await (await send(`${options.at}/api/models`, null, session)).json());
  const loaded = (scorer?.models ?? []).flatMap(({ name, champion, challenger, counts, refused }) => [
    `${name}: ${champion} decides at the scorer${challenger === null ? '' : `, ${challenger} watches`}`,
    ...(challenger === null
      ? []
      : [`  of its judgements ${counts.agrees} agree, ${counts.higher} higher, ${counts.lower} lower, ${counts.failed} failed`]),
    ...refused.map(({ model, code }) => `  ${model} refused: ${code}`),
  ]);
  return [...loaded, ...models.map(({ name, version, state, table }) => `\n${name}/${version} ${state}\n${tableText(table)}`)].join('\n');
}

async function shownTable(at: string, session: string, name: string, version: string): Promise<string> {
  const { models } = modelList.parse(await (await send(`${at}/api/models`, null, session)).json());
  const table = models.find((model) => model.name === name && model.version === version)?.table;
  return table === undefined ? '' : `${tableText(table)}\n`;
}

/** Live and candidate beside each other. */
export function tableText({ live, candidate, events, fromMs, untilMs, gained, lost }: ModelTable): string {
  const yuan = (fen: number): string => Math.round(fen / 100).toLocaleString('en-US');
  const time = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
  const row = (name: string, of: (side: ModelNumbers) => string): string =>
    `  ${name.padEnd(46)}${of(live).padStart(16)}${of(candidate).padStart(16)}`;
  return [
    `  ${events} events, ${time(fromMs)} to ${time(untilMs)}`,
    row('', ({ model }) => model),
    row('persons with a loss', ({ persons }) => String(persons)),
    row('caught', ({ caught }) => String(caught)),
    row('yuan that could be stopped', ({ caughtFen }) => yuan(caughtFen)),
    row('yuan that left before', ({ caughtFen, lostFen }) => yuan(lostFen - caughtFen)),
    row('P1 and P2', ({ urgent }) => String(urgent)),
    row('of them false', ({ falseUrgent }) => String(falseUrgent)),
    row('false visits per officer and shift', ({ falsePerShift }) => falsePerShift.toFixed(3)),
    row('minutes from alert to first loss', ({ leadMinutes }) => leadMinutes?.toFixed(1) ?? 'none'),
    `  caught only by the candidate ${gained}, only by what is live ${lost}`,
  ].join('\n');
}

function tableOf(path: string | undefined): ModelTable {
  if (path === undefined) throw new Refusal('--table is missing: what backtest --model … --json wrote');
  const read = modelTable.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!read.success) throw new Refusal(`${path}: not the numbers of a backtest of two models`);
  return read.data;
}

async function signIn({ at, account, password }: ActOptions): Promise<string> {
  if (account === undefined || password === undefined) throw new Refusal('--account and SKYEYE_PASSWORD are needed to sign in');
  const reply = await send(`${at}/api/session`, { account, password });
  return reply.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');
}

async function send(url: string, body: object | null, cookie?: string): Promise<Response> {
  const reply = await fetch(url, {
    method: body === null ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...(cookie === undefined ? {} : { cookie }) },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(REQUEST_MS),
  });
  if (!reply.ok) throw new Refusal(`${reply.status}: ${await reply.text()}`);
  return reply;
}
