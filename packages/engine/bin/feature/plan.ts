import { loadCatalogue } from '@skyeye/catalogue';
import { nearestWord } from '@skyeye/foundation';
import { printFormula } from '@skyeye/language';
import { sharingOf, type Sharing, type Way } from '../../src/fast/sharing.ts';
import { planOf } from '../../src/plan.ts';

const WAYS: Readonly<Record<Way, string>> = {
  bit: 'predicate bit, computed once per event',
  walk: 'in the one pass over its list',
  gather: 'gathered from its list when needed',
  sequence: 'chain, found from its end when needed',
  graph: 'walk over the money graph, at most 200 edges a node',
};

/** `feature plan [id]`: what the compiled plan shares, of all features or of one. */
export function plan(argv: readonly string[]): Promise<number> {
  const [id] = argv;
  const catalogue = loadCatalogue();
  const sharing = sharingOf(planOf(catalogue));
  if (id === undefined) {
    process.stdout.write(overview(sharing));
    return Promise.resolve(0);
  }
  const feature = catalogue.byId.get(id);
  if (feature === undefined) {
    const near = nearestWord(id, [...catalogue.byId.keys()]);
    process.stderr.write(`there is no feature "${id}"${near === undefined ? '' : `; did you mean "${near}"?`}\n`);
    return Promise.resolve(2);
  }
  const own = sharing.parts.filter(({ features }) => features.includes(id));
  const lines = own.map(
    ({ way, text, features }) =>
      `  ${text}\n      ${WAYS[way]}; ${features.length === 1 ? 'its own' : `shared with ${features.length - 1} others`}`,
  );
  process.stdout.write(`${id}: ${printFormula(feature.ast)}\nkeyed by ${feature.keyedBy}, on ${feature.trigger}\n${lines.join('\n')}\n`);
  return Promise.resolve(0);
}

function overview({ features, uses, parts, layouts, lists }: Sharing): string {
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
  return `${lines.join('\n')}\n`;
}
