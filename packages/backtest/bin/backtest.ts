/**
 * `pnpm backtest --data folder --from … --to … [--rules file] [--model folder]`: stored events through the real engine and
 * detection once more, what is live and what is tried side by side.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatMistake, loadCatalogue, loadPolicies, loadRules, officialHolidays, readRuleFile, type Rule } from '@skyeye/catalogue';
import { Detector, inputSignature, namedScams, RuleBook } from '@skyeye/detection';
import { createEngine, ENGINE_VERSIONS, planOf } from '@skyeye/engine';
import { optionTable, SkyeyeError } from '@skyeye/foundation';
import { loadModel, modelAdapter } from '@skyeye/model';
import { z } from 'zod';
import {
  modelTableOf,
  nameOf,
  OFFICERS,
  outcomeOf,
  readFolder,
  readLabels,
  readLog,
  replay,
  reportText,
  Side,
  type Predictor,
} from '../src/index.ts';

const RELEASED = join(import.meta.dirname, '../../../models/person/3');
const SAID_MS = 2000;

const time = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/, 'a day, or a day and a time, of the county')
  .transform((text) => Date.parse(`${text.length > 10 ? text : `${text}T00:00`}:00+08:00`))
  .refine((ms) => !Number.isNaN(ms), 'no day of the calendar');
const options = optionTable({
  data: { type: z.string(), says: 'what pnpm simulate wrote, or the data folder of a stopped product', range: '<folder>' },
  from: { type: time, says: 'alerts count from this arrival on; what came before is only folded', range: 'YYYY-MM-DD[THH:MM]' },
  to: { type: time, says: 'what arrives from here on is left out', range: 'YYYY-MM-DD[THH:MM]' },
  rules: { type: z.string().default(''), says: 'file of rules to try; one with the id of a live rule takes its place', range: '<file>' },
  model: { type: z.string().default(''), says: 'folder of a model to try; "none": rules alone', range: '<folder>|none' },
  labels: {
    type: z.string().default(''),
    says: 'file of known frauds; without it what was reported in the events counts',
    range: '<file>',
  },
  json: { type: z.string().default(''), says: 'file for the numbers of both, as pnpm model propose takes them', range: '<file>' },
  officers: { type: z.coerce.number().min(1).max(10_000).default(OFFICERS), says: 'officers on duty at a time', range: '1..10000' },
});

async function main(): Promise<number> {
  const read = options.read({ argv: process.argv.slice(2).filter((argument) => argument !== '--'), env: {} });
  if (read.kind === 'help') console.log(read.text);
  if (read.kind === 'mistakes') console.error(read.mistakes.join('\n'));
  if (read.kind !== 'values') return read.kind === 'help' ? 0 : 2;
  const { data, from, to, rules, model, labels, officers, json } = read.values;
  if (json !== '' && model === '') {
    console.error('--json is of a model to try: --model is missing');
    return 2;
  }
  const tried = rules === '' ? null : rulesOf(rules);
  if (tried === undefined) return 2;
  const live = await side('live', loadRules(), RELEASED);
  const isCandidate = tried !== null || model !== '';
  const candidate = isCandidate ? await side('candidate', tried ?? loadRules(), model === '' ? RELEASED : model) : null;
  const logFolder = join(data, 'stream');
  const arrivals = existsSync(logFolder) ? await readLog(logFolder) : readFolder(data);
  let stopping = false;
  process.once('SIGINT', () => {
    stopping = true;
  });
  const startedMs = performance.now();
  let saidMs = startedMs;
  const replayed = await replay({
    arrivals,
    engine: createEngine({ plan: planOf(loadCatalogue()), holidays: officialHolidays() }),
    sides: candidate === null ? [live] : [live, candidate],
    fromMs: from,
    toMs: to,
    workClockMs: processorMs,
    isStopped: () => stopping,
    onProgress(events, atMs) {
      if (performance.now() - saidMs < SAID_MS) return;
      saidMs = performance.now();
      const share = Math.min(1, Math.max(0, (atMs - from) / (to - from)));
      process.stderr.write(`${events} events, ${countyTime(atMs)}, ${(100 * share).toFixed(0)} % of the time asked for\n`);
    },
  });
  const cases = labels === '' ? replayed.reported : readLabels(labels);
  const facts = { cases, fromMs: replayed.fromMs, untilMs: replayed.untilMs, officers };
  if (replayed.wasStopped) console.log(`stopped at ${countyTime(replayed.untilMs)}; the numbers are of the time up to there`);
  console.log(
    `${replayed.events} events from ${countyTime(replayed.fromMs)} to ${countyTime(replayed.untilMs)}; holds are not replayed, nobody reacts\n`,
  );
  const ours = outcomeOf(live.alerts, facts);
  const theirs = candidate === null ? null : outcomeOf(candidate.alerts, facts);
  console.log(reportText({ side: ours, name: 'live' }, theirs === null ? null : { side: theirs, name: 'candidate' }, nameOf));
  if (json !== '' && candidate !== null && theirs !== null && !replayed.wasStopped) {
    const { events, fromMs, untilMs } = replayed;
    const table = modelTableOf({ events, fromMs, untilMs }, { ...ours, model: live.model }, { ...theirs, model: candidate.model });
    writeFileSync(json, `${JSON.stringify(table)}\n`);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  process.stderr.write(
    `${seconds.toFixed(1)} s with reading; ${Math.round(replayed.events / (replayed.workMs / 1000))} events a second of processor time in engine and detection\n`,
  );
  return replayed.wasStopped ? 130 : 0;
}

/** The live rules with those of the file; undefined when it has mistakes, which are printed. */
function rulesOf(path: string): readonly Rule[] | undefined {
  const text = readFileSync(path, 'utf8');
  const { rules, mistakes } = readRuleFile(text);
  if (mistakes.length > 0) {
    console.error(mistakes.map((mistake) => formatMistake(path, text, mistake)).join('\n\n'));
    return undefined;
  }
  const own = new Set(rules.map(({ id }) => id));
  return [...loadRules().filter(({ id }) => !own.has(id)), ...rules];
}

async function side(name: string, rules: readonly Rule[], model: string): Promise<Side> {
  const catalogue = loadCatalogue();
  const predictor = model === 'none' ? null : await predictorOf(resolve(model));
  const detector = new Detector({
    catalogue,
    policies: loadPolicies(),
    rules: new RuleBook({ live: rules, shadow: [] }),
    versions: { model: predictor?.version ?? 'none', engine: ENGINE_VERSIONS.fast },
  });
  return new Side(name, detector, predictor);
}

async function predictorOf(folder: string): Promise<Predictor> {
  const model = await loadModel(folder, { adapter: await modelAdapter('wasm'), expects: inputSignature(loadCatalogue()) });
  return {
    version: model.id,
    async predict(rows) {
      const { probabilities, scams } = await model.predict(rows);
      return { probabilities, scams: namedScams(scams, model.signature.scams) };
    },
  };
}

const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const countyTime = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SkyeyeError) || error.handling === 'crash') throw error;
  console.error(
    `backtest: ${error.message} (${error.code}${error.facts['line'] === undefined ? '' : `, line ${String(error.facts['line'])}`})`,
  );
  process.exitCode = 1;
}
