import { formatMistake, loadCatalogue } from '@skyeye/catalogue';
import { check as checkFile, type FeatureReport } from '../../src/analyst/index.ts';
import { print, readArguments, wordsNamed } from './arguments.ts';
import { readText } from './files.ts';
import { spanText } from './look.ts';

const OVERLAPS_SHOWN = 3;

/** `feature check <file>`: 0 sound, 1 mistakes in the file. */
export function check(argv: readonly string[]): number {
  const [path = ''] = wordsNamed(readArguments(argv, []).words, 'file');
  const text = readText(path);
  const { reports, mistakes } = checkFile(text, loadCatalogue());
  if (reports.length > 0) print(reports.map(reportText));
  if (mistakes.length === 0) return 0;
  process.stderr.write(`${mistakes.map((mistake) => formatMistake(path, text, mistake)).join('\n\n')}\n`);
  process.stderr.write(`\n${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}\n`);
  return 1;
}

/** What there is to say of one feature. */
export function reportText(report: FeatureReport): string {
  const { feature, type, streams, lookbackMs, crossKey, cost, overlaps, doubts } = report;
  const shown = overlaps.slice(0, OVERLAPS_SHOWN);
  return [
    `${feature.id}: ${type}, keyed by ${feature.keyedBy}, on ${feature.trigger}`,
    `  reads     ${streams.length === 0 ? 'no events' : streams.join(', ')}; looks back ${spanText(lookbackMs)}${crossKey ? '; reads other keys' : ''}`,
    `  cost      about ${Math.round(cost.sharedNs)} ns an evaluation, ${Math.round(cost.aloneNs)} ns if nothing were shared`,
    ...(shown.length === 0 ? ['  overlaps  nothing'] : []),
    ...shown.map(({ id, parts, share }, index) => {
      const says = share === 1 ? `the same formula as ${id}` : `${Math.round(share * 100)} % like ${id}: ${parts.slice(0, 2).join('; ')}`;
      return `  ${index === 0 ? 'overlaps' : '        '}  ${says}`;
    }),
    ...(overlaps.length > shown.length ? [`            and ${overlaps.length - shown.length} more share a part`] : []),
    ...doubts.map((doubt) => `  doubt     ${doubt}`),
  ].join('\n');
}
