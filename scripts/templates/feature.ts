import { appendFileSync, existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refused, type Result } from './result.ts';

const FOLDER = 'packages/catalogue/features';

/** An entry that parses and has an example that fails: one transfer is given, two are expected. */
const entry = (id: string): string => `- id: ${id}
  name: { zh: ${id}, en: ${id} }
  question: 'What does this say about the person, as a question an officer would ask?'
  keyedBy: person
  trigger: 'fund[dir=out]'
  formula: 'count(fund[dir=out],1h)'
  type: count
  unit: count
  fires:
    when: '>= 3'
    weight: 1
    reason: { zh: '1小时内转出{value}笔', en: '{value} payments within an hour' }
  scams: all
  hardNegatives: { says: [], scripts: [] }
  timeliness: realtime
  definition: '1小时内转出笔数'
  rationale: 为何能提示正在被骗
  examples:
    - says: the first example; write what really must come out
      given: ['fund out 500y @ 0s']
      at: 0s
      gives: 2
`;

/** Appends an entry to a family of the catalogue. Its id must be new: a trained model remembers what an id meant. */
export function newFeature(root: string, [family = '', id = '']: readonly string[]): Result {
  const file = `${FOLDER}/${family}.yaml`;
  const families = globSync(`${FOLDER}/*.yaml`, { cwd: root })
    .map((path) => path.slice(FOLDER.length + 1, -'.yaml'.length))
    .filter((name) => name !== 'index')
    .toSorted();
  if (!existsSync(join(root, file)) || family === 'index')
    return refused(`there is no family "${family}"; there are ${families.join(', ')}`);
  if (!/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(id)) return refused(`"${id}" is not an id: small letters, digits and single underscores`);
  const taken = families.find((name) => new RegExp(`^- id: ${id}$`, 'm').test(readFileSync(join(root, `${FOLDER}/${name}.yaml`), 'utf8')));
  if (taken !== undefined) return refused(`"${id}" is already in ${taken}.yaml`);
  appendFileSync(join(root, file), entry(id));
  return {
    kind: 'written',
    written: [file],
    next: 'Write its formula and examples, then: pnpm generate && pnpm test:unit packages/catalogue',
  };
}
