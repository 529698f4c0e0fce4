import { errors } from './errors.ts';
import data from './generated/rules.json' with { type: 'json' };
import { parseRule, type Rule } from './rule.ts';

let loaded: readonly Rule[] | undefined;

/** The rules of this release, by type of scam. Checked once, then shared. @throws CATALOGUE_ENTRY_INVALID, CATALOGUE_ID_TWICE */
export function loadRules(): readonly Rule[] {
  if (loaded !== undefined) return loaded;
  const { note: _note, ...files } = data;
  const rules = Object.values(files).flatMap((entries) => entries.map((entry) => parseRule(entry)));
  const ids = new Set<string>();
  for (const { id } of rules) {
    if (ids.has(id)) throw errors.idTwice({ id });
    ids.add(id);
  }
  loaded = Object.freeze(rules);
  return loaded;
}
