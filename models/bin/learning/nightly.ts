import { join } from 'node:path';
import { outcomeOf, Side, type Case, type SideOutcome } from '@skyeye/backtest';
import { loadCatalogue, loadPolicies, loadRules } from '@skyeye/catalogue';
import { learningFacts, type LearningFacts, type ModelNumbers, type ModelTable } from '@skyeye/contracts';
import { Detector, inputSignature, namedScams, RuleBook } from '@skyeye/detection';
import {
  countyDay,
  learningRunBefore,
  listModels,
  proposeModel,
  putLearningRun,
  putUnknowns,
  watchModel,
  type Ledger,
} from '@skyeye/ledger';
import {
  agreementOf,
  calibrationDrift,
  countInputs,
  inputDrift,
  labelsOf,
  trustOf,
  unknownsOf,
  type Agreement,
  type FiledCase,
  type InputCounts,
  type Label,
  type Unknown,
} from '@skyeye/learning';
import { loadModel, modelDigest, writeModelFiles, type Adapter, type Model } from '@skyeye/model';
import { labelledOf, trainCandidate, type Candidate } from './candidate.ts';
import { gather, judgedOf, type Gathered } from './gather.ts';
import { countyDayOf, play, storedDays, type Arrivals, type StoredDays } from './stored-days.ts';

export interface NightlyOptions {
  readonly ledger: Ledger;
  /** Stored events from their beginning; asked again for the table of a candidate. */
  readonly arrivals: () => Promise<Arrivals> | Arrivals;
  /** County time of the night. Default: when the last event came. */
  readonly nowMs?: number | undefined;
  /** Where `<name>/<version>` lie and the candidate goes. */
  readonly models: string;
  /** Folder of the model that decides. */
  readonly champion: string;
  readonly adapter: Adapter;
  /** Days of incidents to learn from. */
  readonly days: number;
  /** Days after which somebody of whom no case was filed is presumed to be none. */
  readonly delayDays: number;
  /** With fewer labels nothing is trained; a fifth of them must be of either kind. */
  readonly labelsMin: number;
  readonly say: (line: string) => void;
}

/** Who proposes what a night made: no account, so that whoever promotes it is another. */
const NIGHTLY = 'nightly';
const DAY_MS = 86_400_000;
const WEEK_MS = 6 * DAY_MS;
const DRIFTED_SHOWN = 20;
const SIDE_MIN = 5;
/** A candidate may be so much worse on the newest labelled days, as log loss, by chance. */
const LOSS_SLACK = 0.01;
const OFFICERS = 11;

/**
 * One night: labels from what was coded, filed and appealed by now; who of the units is not to be believed; drift of inputs and
 * of calibration; a candidate that goes to shadow by itself and no further; the day's list of what nobody has a rule for. Run twice,
 * it changes nothing the second time.
 */
export async function nightly(options: NightlyOptions): Promise<LearningFacts> {
  const { ledger, say, delayDays } = options;
  const stored = await storedDays(await options.arrivals());
  const nowMs = options.nowMs ?? stored.untilMs;
  say(`${stored.events} stored events, ${stored.judgements.length} judgements, ${stored.cases.length} cases filed`);
  const gathered = await gather(ledger, { fromMs: nowMs - options.days * DAY_MS, toMs: nowMs + 1 });
  const agreement = agreementOf(gathered.results, stored.cases, nowMs);
  const labels = labelsOf(gathered.results, stored.cases, { nowMs, trust: trustOf(agreement) });
  const labelled = labelledOf(stored.judgements, labels, { nowMs, delayMs: delayDays * DAY_MS });
  const { name: made, why } = await candidateOf({ ...options, nowMs, labels, labelled, agreement, stored });
  const inputs = inputSignature(loadCatalogue()).inputs;
  const counts = countInputs(concatenated(stored, nowMs - DAY_MS, inputs.length), inputs);
  const before = await learningRunBefore(ledger, nowMs, WEEK_MS);
  const unknowns = await listUnknown(ledger, stored, gathered, nowMs);
  const facts = learningFacts.parse({
    labels: labels.length,
    frauds: labels.filter(({ fraud }) => fraud).length,
    checked: agreement.checked,
    wrongShare: Number.isNaN(agreement.wrongShare) ? null : agreement.wrongShare,
    poisoned: agreement.isPoisoned,
    suspiciousTeams: agreement.teams.filter(({ suspicious }) => suspicious).map(({ team }) => team),
    driftedInputs: inputDrift((before?.facts['inputs'] ?? {}) as InputCounts, counts)
      .filter(({ state }) => state === 'drifted')
      .slice(0, DRIFTED_SHOWN)
      .map(({ input, psi }) => ({ input, psi })),
    driftedCalibration: calibrationDrift(judgedOf(gathered, nowMs))
      .filter(({ drifted }) => drifted)
      .map(({ group, cases, said, real }) => ({ group, cases, said, real })),
    candidate: made,
    candidateNote: why,
    unknowns,
  } satisfies LearningFacts);
  await putLearningRun(ledger, nowMs, { ...facts, inputs: counts });
  return facts;
}

/** Inputs of the judgements since a time, in one row after the other. */
function concatenated({ judgements }: StoredDays, sinceMs: number, width: number): Float32Array {
  const own = judgements.filter(({ t }) => t >= sinceMs);
  const rows = new Float32Array(own.length * width);
  for (const [index, { row }] of own.entries()) rows.set(row, index * width);
  return rows;
}

/** The list of the last whole day, or of the day that runs when there is none. Who has an incident is known. */
async function listUnknown(ledger: Ledger, stored: StoredDays, { incidents }: Gathered, nowMs: number): Promise<number> {
  const { byId } = loadCatalogue();
  const known = new Set([...incidents, ...stored.cases].map(({ person }) => person));
  const days = stored.personDays.map((day) => ({ ...day, known: day.known || known.has(day.person) }));
  const last = countyDayOf(nowMs) - 1;
  const day = days.some((one) => one.day === last) ? last : last + 1;
  // Amounts, attributes, mitigation and the accounts of others are no signs of a script.
  const groupOf = (id: string): string | null => {
    const feature = byId.get(id);
    return feature === undefined || feature.fires.weight < 0 || SILENT_GROUPS.has(feature.group) ? null : feature.group;
  };
  const found = unknownsOf(
    days.filter((one) => one.day === day),
    days.filter((one) => one.day < day),
    groupOf,
  );
  await putUnknowns(
    ledger,
    found.map((one, index) => lineOf(one, index, nowMs)),
  );
  return found.length;
}
const SILENT_GROUPS = new Set(['H', 'I', 'J', 'N']);
const lineOf = ({ person, day, z, outFen, features }: Unknown, index: number, foundMs: number) => ({
  day: countyDay(day * DAY_MS),
  rank: index + 1,
  person,
  z,
  outFen,
  features,
  foundMs,
});

interface CandidateInput extends NightlyOptions {
  readonly nowMs: number;
  readonly labels: readonly Label[];
  readonly labelled: ReturnType<typeof labelledOf>;
  readonly agreement: Agreement;
  readonly stored: StoredDays;
}

async function candidateOf(input: CandidateInput): Promise<{ readonly name: string | null; readonly why: string }> {
  const { labels, labelled, agreement, labelsMin, nowMs, adapter, models, ledger, say } = input;
  if (agreement.isPoisoned) return { name: null, why: 'poisoned' };
  const frauds = labels.filter(({ fraud }) => fraud).length;
  const fewest = Math.min(frauds, labels.length - frauds);
  if (labels.length < labelsMin || fewest < labelsMin / SIDE_MIN || labelled.length < labelsMin)
    return { name: null, why: 'too few labels' };
  const version = countyDay(nowMs);
  // A night that is run again keeps what it made: a version is made once.
  if ((await listModels(ledger)).some((model) => model.name === 'person' && model.version === version))
    return { name: `person/${version}`, why: 'in shadow' };
  const champion = await loadModel(input.champion, { adapter, expects: inputSignature(loadCatalogue()) });
  try {
    const candidate = await trainCandidate(labelled, { champion, adapter, version, seed: Number(version) });
    say(
      `candidate person/${version}: log loss ${candidate.loss.toFixed(3)} on the newest labelled days, ${champion.id} ${candidate.championLoss.toFixed(3)}`,
    );
    if (candidate.loss > candidate.championLoss + LOSS_SLACK) return { name: null, why: 'not better' };
    const folder = join(models, 'person', version);
    await writeModelFiles(folder, candidate, cardOf(candidate, champion.id, input));
    const table = await tableOf(input, champion, folder);
    const act = {
      name: 'person',
      version,
      by: NIGHTLY,
      nowMs,
      reason: `nightly: log loss ${candidate.loss.toFixed(3)}, before ${candidate.championLoss.toFixed(3)}, ${labels.length} labels`,
    };
    await proposeModel(ledger, { ...act, digest: await modelDigest(folder), table });
    await watchModel(ledger, act);
    return { name: `person/${version}`, why: 'in shadow' };
  } finally {
    champion.dispose();
  }
}

function cardOf(
  { loss, championLoss, trained, fitted }: Candidate,
  champion: string,
  { labels, nowMs, days, delayDays }: CandidateInput,
): string {
  const frauds = labels.filter(({ fraud }) => fraud).length;
  return `# Made by a night's learning, ${new Date(nowMs + 8 * 3_600_000).toISOString().slice(0, 10)}

Boosted trees with the constraints of the released model, from ${labels.length} labels of the last ${days} days (${frauds} fraud): coded results,
filed cases, reviews. ${trained} judgements trained, the newest ${fitted} calibrate and compare; who has no case after ${delayDays} days is
presumed to be none at a fifth of the weight. Log loss there ${loss.toFixed(4)}, of ${champion} ${championLoss.toFixed(4)}.

Limits: labels are of those who were visited, weighed by the chance to be drawn where they were; no measure by group yet. It is
unsigned: it watches and decides nothing until a person signs and another promotes it.
`;
}

/** The same stored events with the model that decides and with the candidate. Amounts of cases are not known here. */
async function tableOf(input: CandidateInput, champion: Model, folder: string): Promise<ModelTable> {
  const { adapter, stored, labels, arrivals } = input;
  const candidate = await loadModel(folder, { adapter, expects: inputSignature(loadCatalogue()) });
  const sides = [sideOf('live', champion), sideOf('candidate', candidate)] as const;
  await play(await arrivals(), async (causes) => {
    for (const side of sides) await side.see(causes);
  });
  for (const side of sides) await side.settle();
  candidate.dispose();
  const cases = [...stored.cases.map(caseOf), ...labels.filter(({ fraud, from }) => fraud && from !== 'case').map(caseOf)];
  const facts = { cases, fromMs: stored.fromMs, untilMs: stored.untilMs, officers: OFFICERS };
  const [live, tried] = [outcomeOf(sides[0].alerts, facts), outcomeOf(sides[1].alerts, facts)];
  const caught = (outcome: SideOutcome, at: number): boolean => outcome.cases[at]?.caught === true;
  const only = (a: SideOutcome, b: SideOutcome): number => a.cases.filter((_, at) => caught(a, at) && !caught(b, at)).length;
  return {
    events: stored.events,
    fromMs: stored.fromMs,
    untilMs: stored.untilMs,
    live: numbersOf(champion.id, live),
    candidate: numbersOf(candidate.id, tried),
    gained: only(tried, live),
    lost: only(live, tried),
  };
}

const caseOf = ({ person, scam, fromMs, untilMs }: Pick<FiledCase, 'person' | 'scam' | 'fromMs' | 'untilMs'>): Case => ({
  person,
  script: scam ?? 'unknown',
  fromMs,
  untilMs,
  losses: [{ atMs: untilMs, amtFen: 0 }],
});

function sideOf(name: string, model: Model): Side {
  const detector = new Detector({
    catalogue: loadCatalogue(),
    policies: loadPolicies(),
    rules: new RuleBook({ live: loadRules(), shadow: [] }),
    versions: { model: model.id, engine: 'fast' },
  });
  return new Side(name, detector, {
    version: model.id,
    predict: async (rows) => {
      const { probabilities, scams } = await model.predict(rows);
      return { probabilities, scams: namedScams(scams, model.signature.scams) };
    },
  });
}

function numbersOf(model: string, { cases, urgent, falseUrgent, falsePerShift }: SideOutcome): ModelNumbers {
  const sum = (of: (one: SideOutcome['cases'][number]) => number): number => cases.reduce((total, one) => total + of(one), 0);
  const leads = cases.flatMap(({ leadMs }) => (leadMs === null ? [] : [leadMs])).toSorted((a, b) => a - b);
  const middle = leads[Math.floor((leads.length - 1) / 2)];
  return {
    model,
    persons: cases.length,
    caught: cases.filter((one) => one.caught).length,
    caughtFen: sum((one) => one.caughtFen),
    lostFen: sum((one) => one.lostFen),
    urgent,
    falseUrgent,
    falsePerShift,
    leadMinutes: middle === undefined ? null : middle / 60_000,
  };
}
