import { loadCatalogue } from '@skyeye/catalogue';
import { printFormula } from '@skyeye/language';
import { costOf, type Facts } from '../../src/analyst/index.ts';
import { sharingOf, type Sharing, type Way } from '../../src/fast/sharing.ts';
import { planOf } from '../../src/plan.ts';
import { FACT_OPTIONS, factsOf, featureNamed, print, readArguments, wordsNamed } from './arguments.ts';
import { Refusal } from './files.ts';
import { measure, type Measured } from './measure.ts';

const WAYS: Readonly<Record<Way, string>> = {
  bit: 'predicate bit, computed once per event',
  walk: 'in the one pass over its list',
  gather: 'gathered from its list when needed',
  sequence: 'chain, found from its end when needed',
  graph: 'walk over the money graph, at most 200 edges a node',
};

/** Features in the list of what costs most. */
const COSTLY_SHOWN = 12;

/** `feature plan [id]`: what the compiled plan shares and costs, of all features or of one. */
export function plan(argv: readonly string[]): number {
  const given = readArguments(argv, FACT_OPTIONS, ['measure']);
  const [id] = given.words.length === 0 ? [] : wordsNamed(given.words, 'id');
  const feature = id === undefined ? undefined : featureNamed(id);
  const facts = factsWhen(given.flags.has('measure'), () => factsOf(given), given.options['events']);
  const sharing = sharingOf(planOf(loadCatalogue()));
  if (feature === undefined) {
    const measured = facts === undefined ? undefined : measure(facts, undefined);
    print([...overview(sharing), ...(measured === undefined ? [] : ['', `measured: ${measuredText(measured)}`])]);
    return 0;
  }
  const own = sharing.parts.filter(({ features }) => features.includes(feature.id));
  const cost = costOf(feature.id, sharing);
  const measured = facts === undefined ? undefined : measure(facts, feature.id);
  print([
    `${feature.id}: ${printFormula(feature.ast)}`,
    `keyed by ${feature.keyedBy}, on ${feature.trigger}`,
    ...own.map(
      ({ way, text, features }) =>
        `  ${text}\n      ${WAYS[way]}; ${features.length === 1 ? 'its own' : `shared with ${features.length - 1} others`}`,
    ),
    `estimated: about ${Math.round(cost.sharedNs)} ns an evaluation, ${Math.round(cost.aloneNs)} ns if nothing were shared`,
    measured === undefined ? 'measured: with --measure --events f.jsonl' : `measured: ${measuredText(measured)}`,
  ]);
  return 0;
}

function factsWhen(wanted: boolean, read: () => Facts, events: string | undefined): Facts | undefined {
  if (!wanted && events !== undefined) throw new Refusal('--events goes with --measure');
  return wanted ? read() : undefined;
}

function measuredText({ events, evaluations, nsPerEvent, nsPerEvaluation }: Measured): string {
  const each = nsPerEvaluation === null ? '' : `, ${Math.round(nsPerEvaluation)} ns an evaluation`;
  return `${Math.round(nsPerEvent)} ns an event${each} (${events} events, ${evaluations} evaluations, best of several runs, results handed over included)`;
}

function overview(sharing: Sharing): string[] {
  const { features, uses, parts, layouts, lists } = sharing;
  const lines = [`${features} features use ${uses} parts, ${parts.length} different; ${lists} lists of events`];
  for (const [way, says] of Object.entries(WAYS)) {
    const of = parts.filter((part) => part.way === way);
    lines.push(`${String(of.length).padStart(5)} × ${says}; used ${of.reduce((sum, part) => sum + part.features.length, 0)} times`);
  }
  lines.push('', 'rows:');
  for (const { streams, bytes, bits } of layouts)
    lines.push(`  ${streams.join(', ').padEnd(12)} ${String(bytes).padStart(4)} bytes, ${bits} predicate bits`);
  const most = parts.toSorted((a, b) => b.features.length - a.features.length).slice(0, 12);
  lines.push('', 'shared most:', ...most.map(({ text, features: ids }) => `  ${String(ids.length).padStart(3)} × ${text}`));
  const costs = loadCatalogue().features.map(({ id }) => ({ id, ...costOf(id, sharing) }));
  const costly = costs.toSorted((a, b) => b.sharedNs - a.sharedNs).slice(0, COSTLY_SHOWN);
  lines.push('', 'estimated to cost most, ns an evaluation with sharing and without:');
  for (const { id, sharedNs, aloneNs } of costly)
    lines.push(`  ${String(Math.round(sharedNs)).padStart(5)}  ${String(Math.round(aloneNs)).padStart(5)}  ${id}`);
  return lines;
}
