import { explain as explained } from '../../src/analyst/index.ts';
import { featureNamed, print, readArguments, wordsNamed } from './arguments.ts';

/** `feature explain <id>`: name, formula, and both languages' words. */
export function explain(argv: readonly string[]): number {
  const [id = ''] = wordsNamed(readArguments(argv, []).words, 'id');
  const feature = featureNamed(id);
  const { formula, sentence } = explained(feature);
  print([`${feature.id}  ${feature.name.zh}  ${feature.name.en}`, `  ${formula}`, '', sentence.zh, '', sentence.en]);
  return 0;
}
