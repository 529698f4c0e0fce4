import { writeFileSync } from 'node:fs';
import { optionTable } from '@skyeye/foundation';
import { SOURCES, STREAM_NAMES, type StreamName } from '@skyeye/contracts';
import type { ProvinceName } from '@skyeye/simulator/measured';
import { z } from 'zod';
import { Additive, bars } from './additive.ts';
import { adversaryTable } from './adversary.ts';
import { curves } from './calibrate.ts';
import type { Measured } from './interval.ts';
import { latencyMs } from './latency.ts';
import {
  byScript,
  calibrationError,
  falseUrgent,
  honestByKind,
  honestPaymentsHeld,
  lead,
  moneyLeft,
  precisionAtBudget,
  stopped,
  stoppedOfAll,
  victims,
} from './measures.ts';
import { falselyFound, firstCards, honestFound, offenders, ONLY_RINGS, othersShare } from './others.ts';
import { productMaker } from './product.ts';
import { VISITS_A_DAY } from './response.ts';
import { runCounty, type Run, type RunOptions } from './run-county.ts';
import { whyLost } from './why-lost.ts';
import { aimsOf, lineOf, type DetectionRow } from './table.ts';

const SOURCE_KINDS = [...new Set(STREAM_NAMES.map((stream) => SOURCES[stream].source))].toSorted();

const seeds = z
  .string()
  .regex(/^\d+(-\d+)?$/, 'a seed, or the first and the last of several')
  .transform((text) => {
    const [first = 0, last = first] = text.split('-').map(Number);
    return Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => first + index);
  });
const options = optionTable({
  seeds: { type: seeds.prefault('5001-5002'), says: 'counties to live through; 101 to 999 are for training', range: '<a>-<b>' },
  residents: { type: z.coerce.number().int().min(200).max(500_000).default(2000), says: 'residents of each', range: '200..500000' },
  days: { type: z.coerce.number().min(0.6).max(60).default(3), says: 'days of each', range: '0.6..60' },
  times: {
    type: z.coerce.number().min(1).max(2000).default(400),
    says: 'scams are so many times as frequent as in life',
    range: '1..2000',
  },
  province: { type: z.enum(['home', 'other', 'both']).default('both'), says: 'whose habits and scams', range: 'home|other|both' },
  silent: {
    type: z.enum(['none', 'each', ...SOURCE_KINDS]).default('none'),
    says: 'a source that delivers nothing, or each in turn',
    range: 'none|each|S01…S18',
  },
  rings: {
    type: z.enum(['none', 'also', 'alone']).default('also'),
    says: 'counties of nothing but rings, callers and those who look like them, for the rows of accounts and numbers',
    range: 'none|also|alone',
  },
  adversary: {
    type: z.boolean().default(false),
    says: 'what scammers gain who split amounts, wait 25 hours or warm up a payee, instead of the table',
  },
  calibrate: {
    type: z.boolean().default(false),
    says: 'instead: what a score means in these counties, for policies/scoring.yaml; seeds below 1000 at home',
  },
  fitAdditive: {
    type: z.boolean().default(false),
    says: 'instead: the bars of adding up that fill the same budget; seeds below 1000 at home',
  },
  model: { type: z.string().default(''), says: 'folder of the model; the released one unless told', range: '<folder>' },
  json: { type: z.string().default(''), says: 'file for the rows', range: '<file>' },
});

/** `pnpm bench detection`: whole counties, closed loop, the table of what detection is worth. Returns the exit code. */
export async function detection(argv: readonly string[]): Promise<number> {
  const read = options.read({ argv, env: {} });
  if (read.kind === 'help') process.stdout.write(`${read.text}\n`);
  if (read.kind === 'mistakes') process.stderr.write(`${read.mistakes.join('\n')}\n`);
  if (read.kind !== 'values') return read.kind === 'help' ? 0 : 2;
  const { values } = read;
  // A county that has more scams than life has more visits, too.
  const visits = VISITS_A_DAY * (values.residents / 500_000) * values.times;
  const product = await productMaker(values.model === '' ? null : values.model, visits);
  const base = { residents: values.residents, days: values.days, times: values.times };
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const run = async (
    name: string,
    of: Omit<RunOptions, keyof typeof base | 'seed'>,
    subject: () => Parameters<typeof runCounty>[1],
  ): Promise<Run[]> => {
    const runs: Run[] = [];
    for (const seed of values.seeds) {
      const startedMs = performance.now();
      const made = await runCounty({ ...base, ...of, seed }, subject());
      const seconds = (performance.now() - startedMs) / 1000;
      process.stderr.write(
        `${name}, seed ${seed}: ${made.events} events, ${made.cases.length} scripts, ${made.alerts.length} alerts, ${seconds.toFixed(0)} s (${Math.round((values.days * 86_400) / seconds)} times real time)\n`,
      );
      runs.push(made);
    }
    return runs;
  };
  if (values.calibrate || values.fitAdditive) {
    if (values.seeds.some((seed) => seed >= 1000) || values.province !== 'home') {
      process.stderr.write('what is fitted is fitted on seeds below 1000, --province home\n');
      return 2;
    }
    const subject = values.calibrate ? product : (): Additive => new Additive(null);
    const runs = await run('fitting', { province: 'home' }, subject);
    for (const line of values.calibrate ? curves(runs) : bars(runs, visits)) say(line);
    return 0;
  }
  say(
    `seeds ${values.seeds[0]} to ${values.seeds.at(-1)}, ${values.residents} residents, ${values.days} days each, scams ${values.times} times as frequent as in life`,
  );
  if (values.adversary) {
    const made = await adversaryTable((adversary) => run(`home, ${adversary}`, { province: 'home', adversary }, product), say);
    if (values.json !== '') writeFileSync(values.json, `${JSON.stringify({ seeds: values.seeds, ...base, adversary: made }, null, 2)}\n`);
    return 0;
  }
  const rows: DetectionRow[] = [];
  const shares = new Map<ProvinceName, Measured>();
  const provinces: readonly ProvinceName[] = values.province === 'both' ? ['home', 'other'] : [values.province];
  for (const province of provinces) {
    if (values.rings !== 'none') await rings(province);
    if (values.rings === 'alone') continue;
    const asIs = await run(`${province}, product`, { province }, product);
    const additive = await run(`${province}, additive`, { province }, () => new Additive());
    const signalling = await run(`${province}, all signalling`, { province, signalling: 1 }, product);
    const additiveSignalling = await run(`${province}, all signalling, additive`, { province, signalling: 1 }, () => new Additive());
    const add = adder(province);
    say(
      `\nprovince: ${province}; persons, alerts or cases behind each row in brackets; in the last column adding up weights, same counties`,
    );
    const [ours, theirs] = [asIs.flatMap(victims), additive.flatMap(victims)];
    const [oursAll, theirsAll] = [signalling.flatMap(victims), additiveSignalling.flatMap(victims)];
    const [hn, hnBase] = [honestByKind(asIs), honestByKind(additive)];
    const worst = (kinds: ReadonlyMap<string, Measured>): Measured =>
      [...kinds.values()].toSorted((a, b) => b.value - a.value)[0] ?? { value: Number.NaN, low: Number.NaN, high: Number.NaN, of: 0 };
    shares.set(province, stopped(ours));
    add('victims stopped before the first loss, signal in time', stopped(ours), stopped(theirs).value);
    add('victims stopped before the first loss, all', stoppedOfAll(ours), stoppedOfAll(theirs).value);
    add('money that leaves, county as it is', moneyLeft(ours), moneyLeft(theirs).value);
    add('money that leaves, signalling of all operators', moneyLeft(oursAll), moneyLeft(theirsAll).value);
    add('false P1/P2 per 10,000 persons a day', falseUrgent(asIs), falseUrgent(additive).value);
    add('look-alikes that reach P1/P2, worst kind', worst(hn), worst(hnBase).value);
    add('precision of P1/P2 at 15 visits a day per 500,000', precisionAtBudget(asIs), precisionAtBudget(additive).value);
    add('median lead 客服/公检法/校园贷, with signalling', lead(oursAll), lead(theirsAll).value);
    add('first cards found before the last payment to them', firstCards(asIs), firstCards(additive).value);
    add('accounts of ordinary life found', falselyFound(asIs, 'account'), falselyFound(additive, 'account').value);
    add('numbers of ordinary life found', falselyFound(asIs, 'number'), falselyFound(additive, 'number').value);
    add('ECE of the person model, later time', calibrationError(asIs, { of: 'model' }), null);
    add('ECE of the probability reported, later time', calibrationError(asIs, { of: 'score' }), null);
    add('calibration: ECE of those reported at 0.1 and more', calibrationError(asIs, { of: 'score', from: 0.1 }), null);
    add('calibration: ECE of the person model, as crowded', calibrationError(asIs, { of: 'model', crowded: true }), null);
    add('honest payments asked about that are held or delayed', honestPaymentsHeld(asIs), honestPaymentsHeld(additive).value);
    say(`\n  scam             victims  stopped before any loss   money left      additive: stopped   money left`);
    for (const { script, of, stopped: share, left } of byScript(ours)) {
      const other = byScript(theirs).find((entry) => entry.script === script);
      const percent = (value: number | undefined): string => (value === undefined ? '-' : `${(100 * value).toFixed(0)} %`);
      say(
        `  ${script.padEnd(16)} ${String(of).padStart(7)} ${percent(share).padStart(25)} ${percent(left).padStart(12)} ${percent(other?.stopped).padStart(22)} ${percent(other?.left).padStart(12)}`,
      );
    }
    say('');
    for (const line of whyLost(ours)) say(line);
    say('\n  look-alikes that reach P1/P2, each kind');
    for (const [kind, value] of hn) add(`look-alike ${kind}`, value, hnBase.get(kind)?.value ?? null);
    if (province !== 'home' && provinces.length > 1) {
      const [home, other] = [shares.get('home'), shares.get('other')];
      if (home !== undefined && other !== undefined) add('stopped share against home', ratio(other, home), null);
    }
    const [first] = asIs;
    if (province === 'home' && first !== undefined)
      add('event → assessment, batch of 256 at 20,000/s, 99 of 100', exact(await latencyMs(first, product()), first.sample.length), null);
    if (values.silent !== 'none') await silence(province, asIs, add);
  }
  if (values.json !== '')
    writeFileSync(
      values.json,
      `${JSON.stringify({ seeds: values.seeds, ...base, rows: rows.map((row) => ({ ...row, met: isMet(row) })) }, null, 2)}\n`,
    );
  return 0;

  function adder(province: ProvinceName): (name: string, value: Measured, baseline: number | null) => void {
    return (name, value, baseline) => {
      const row = { name: `${province}: ${name}`, ...value, ...aimsOf(name, province), baseline };
      rows.push(row);
      say(lineOf(row));
    };
  }

  async function rings(province: ProvinceName): Promise<void> {
    const of = { province, only: ONLY_RINGS };
    const ours = await run(`${province}, rings`, of, product);
    const theirs = await run(`${province}, rings, additive`, of, () => new Additive());
    const add = adder(province);
    say(`\nprovince: ${province}, counties of rings, callers and those who look like them`);
    add('mule accounts found before the second payer', offenders(ours).mules, offenders(theirs).mules.value);
    add('scam callers found within 10 min of the third call', offenders(ours).callers, offenders(theirs).callers.value);
    add('time of accounts and numbers, of the scorer’s', othersShare(ours), null);
    for (const kind of ['account', 'number'] as const) {
      const base = honestFound(theirs, kind);
      for (const [script, value] of honestFound(ours, kind))
        add(`honest ${kind}s of ${script} found`, value, base.get(script)?.value ?? null);
      add(`${kind}s of ordinary life found, beside rings`, falselyFound(ours, kind), falselyFound(theirs, kind).value);
    }
  }

  async function silence(
    province: ProvinceName,
    asIs: readonly Run[],
    add: (name: string, value: Measured, baseline: number | null) => void,
  ): Promise<void> {
    const before = stoppedOfAll(asIs.flatMap(victims)).value;
    say('\n  points lost of all victims stopped before the first loss, with one source silent from the start on');
    for (const kind of values.silent === 'each' ? SOURCE_KINDS : [values.silent]) {
      const silent = new Set<StreamName>(STREAM_NAMES.filter((stream) => SOURCES[stream].source === kind));
      const without = stoppedOfAll((await run(`${province}, without ${kind}`, { province, silent }, product)).flatMap(victims));
      const lost = { ...without, value: before - without.value, low: before - without.high, high: before - without.low };
      add(`silent ${kind} ${[...silent].join(', ')}`, lost, null);
    }
  }
}

const isMet = ({ value, aim, less }: DetectionRow): boolean | null => (aim === null ? null : less ? value <= aim : value >= aim);
const exact = (value: number, of: number): Measured => ({ value, low: value, high: value, of });
const ratio = (a: Measured, b: Measured): Measured => ({
  value: a.value / b.value,
  low: a.low / b.value,
  high: a.high / b.value,
  of: a.of,
});
