import { loadCatalogue, type Catalogue } from './catalogue.ts';
import { compileRule, ruleEntry, type Rule } from './rule.ts';
import { entriesOf, formMistakes, languageMistake, placeAt, rangeOf, type FileMistake } from './yaml-place.ts';

export interface RuleFile {
  /** The rules without a mistake, in the order of the file. */
  readonly rules: readonly Rule[];
  readonly mistakes: readonly FileMistake[];
}

const FIELDS = Object.keys(ruleEntry.shape);

/**
 * Reads a file of rules, `rules/<scam>.yaml` or one rule alone, and finds every mistake in it: of the YAML, of the form, of
 * conditions and slots, an example that comes out otherwise, an id twice. Cost: linear in the text.
 */
export function readRuleFile(text: string, catalogue: Catalogue = loadCatalogue()): RuleFile {
  const { places, mistakes: broken } = entriesOf(text, { fields: FIELDS, needed: 'a list of rules' });
  const rules: Rule[] = [];
  const mistakes: FileMistake[] = [...broken];
  const lineOf = new Map<string, number>();
  for (const place of places) {
    const read = ruleEntry.safeParse(place.entry.toJS(place.document));
    if (!read.success) {
      mistakes.push(...formMistakes(read.error, place));
      continue;
    }
    const at = placeAt(place.lines, rangeOf(place.entry, ['id'], place)[0]);
    const first = lineOf.get(read.data.id);
    if (first === undefined) lineOf.set(read.data.id, at.line);
    else mistakes.push({ ...at, message: `the id "${read.data.id}" stands in line ${first} already` });
    const { rule, mistakes: inside } = compileRule(read.data, catalogue);
    for (const { path, message, cause } of inside) {
      const source = path[0] === 'unless' ? (read.data.unless ?? '') : read.data.when;
      const steps = path.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
      mistakes.push(
        cause === undefined
          ? { ...placeAt(place.lines, rangeOf(place.entry, steps, place)[0]), message }
          : languageMistake(cause, source, path, place),
      );
    }
    if (rule !== null && first === undefined) rules.push(rule);
  }
  return { rules, mistakes };
}
