import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadRules, type Rule } from '@skyeye/catalogue';
import { RULE_SHARE_MAX, SCAMS } from '@skyeye/contracts';
import { nameOf, OFFICERS, outcomeOf, readLabels, reported, reportText } from '../../src/index.ts';
import { act, ACTS } from './act.ts';
import { readEvents, Refusal, rulesOf } from './files.ts';
import { replay } from './replay.ts';

const USAGE = `pnpm --silent rule <command>

  check <file.yaml>
         checks a file of rules: form, conditions, slots, every worked example; each mistake with line, column and caret
  try <id|file.yaml> --events f.jsonl
         prints when and for whom the rule begins to hold in a file of normalised events, and what it says
  backtest <id|file.yaml> --events f.jsonl [--residents 500000] [--labels labels.jsonl] [--json out.json]
         prints the blast radius: persons a day for whom it holds, and whom it raises; 1 when too many for approval;
         and who was caught and missed, with and without it, in persons and yuan
         --labels     known frauds as pnpm simulate writes them; without it what was reported in the events counts
         --residents  persons of the county that the events are of; those seen in the events unless told
  new <id> [--scam svc]
         writes a rule to begin with into packages/catalogue/rules
  ${ACTS.join('|')} <id|file.yaml> --at http://127.0.0.1:8600 --account analyst --reason '…'
         a step of the life of its version, by the API; the password is read from SKYEYE_PASSWORD
         --numbers    of a backtest, as backtest --json wrote them

The exit code is 0 when done, 1 when something was found, 2 when the command was refused.`;

const OPTIONS = {
  events: { type: 'string' },
  residents: { type: 'string' },
  labels: { type: 'string' },
  json: { type: 'string' },
  scam: { type: 'string', default: 'general' },
  at: { type: 'string', default: 'http://127.0.0.1:8600' },
  account: { type: 'string' },
  reason: { type: 'string' },
  numbers: { type: 'string' },
} as const;

/** Runs a command of `pnpm rule`. @returns the exit code */
export async function main([command = '--help', ...argv]: readonly string[]): Promise<number> {
  if (command === '--help' || command === '-h' || argv.includes('--help')) return say(USAGE);
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, strict: true, allowPositionals: true });
    const [name] = positionals;
    if (name === undefined) throw new Refusal(`${command}: a rule or a file of rules is needed`);
    if (command === 'check') return say(rulesOf(name).map(described).join('\n'));
    if (command === 'new') return begin(name, values.scam);
    if (command === 'try' || command === 'backtest') {
      if (values.events === undefined) throw new Refusal('--events is missing: the file of events, one JSON object a line');
      const residents = values.residents === undefined ? null : Number(values.residents);
      if (residents !== null && !(Number.isInteger(residents) && residents > 0)) throw new Refusal('--residents: not a number of persons');
      return test(command, rulesOf(name), { events: values.events, residents, json: values.json, labels: values.labels });
    }
    const step = ACTS.find((known) => known === command);
    if (step === undefined) throw new Refusal(`there is no command "${command}"\n\n${USAGE}`);
    return say(await act(step, rulesOf(name), { ...values, password: process.env['SKYEYE_PASSWORD'] }));
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

const described = ({ id, version, level, name, examples }: Rule): string =>
  `${id} ${version} ${level} ${name.zh} · ${name.en}: ${examples.length} examples hold`;

function test(
  command: 'try' | 'backtest',
  rules: readonly Rule[],
  {
    events: path,
    residents,
    json,
    labels,
  }: { events: string; residents: number | null; json: string | undefined; labels: string | undefined },
): number {
  const { events, hash } = readEvents(path);
  const cases = labels === undefined ? events.flatMap(reported) : readLabels(labels);
  const [fromMs, untilMs] = [events[0]?.t ?? 0, events.at(-1)?.t ?? 0];
  let tooMany = false;
  for (const rule of rules) {
    const { numbers, held, alerts } = replay(rule, events, residents);
    const limit = Math.max(1, Math.floor(numbers.persons * RULE_SHARE_MAX));
    const over = numbers.personsPerDayMax > limit;
    tooMany ||= over;
    if (command === 'try') {
      for (const { t, person, level, says } of held)
        say(`${new Date(t + 8 * 3_600_000).toISOString().slice(0, 19)} ${person} ${level} ${says.zh} · ${says.en}`);
      say(`${rule.id}: began to hold ${held.length} times in ${events.length} events`);
      continue;
    }
    say(
      [
        `${rule.id} ${rule.version}`,
        `  events              ${numbers.events} of ${numbers.persons} persons and ${numbers.days} days`,
        `  holds, most a day   ${numbers.personsPerDayMax} persons (${((100 * numbers.personsPerDayMax) / numbers.persons).toFixed(3)} %)`,
        `  raises, most a day  ${numbers.raisedPerDayMax} persons`,
        `  limit of approval   ${limit} persons a day: ${over ? 'too many, it cannot be approved' : 'below it'}`,
      ].join('\n'),
    );
    const [without, having] = alerts.map((made) => outcomeOf(made, { cases, fromMs, untilMs, officers: OFFICERS }));
    if (without !== undefined && having !== undefined && without.cases.length > 0)
      say(`\n${reportText({ side: without, name: 'without it' }, { side: having, name: 'with it' }, nameOf)}`);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...numbers, eventsHash: hash })}\n`);
  }
  return command === 'backtest' && tooMany ? 1 : 0;
}

function begin(id: string, scam: string): number {
  if (!/^[a-z][a-z0-9_]{2,60}$/.test(id)) throw new Refusal(`"${id}" is no id: lower case letters, digits and _`);
  if (scam !== 'general' && !Object.hasOwn(SCAMS, scam)) throw new Refusal(`there is no type of scam "${scam}"`);
  if (loadRules().some((rule) => rule.id === id)) throw new Refusal(`the rule "${id}" is there already`);
  const file = join(import.meta.dirname, `../../../catalogue/rules/${scam}.yaml`);
  if (!existsSync(file)) throw new Refusal(`${file} is missing`);
  appendFileSync(
    file,
    `- id: ${id}
  name: { zh: 请填写, en: say what it is }
  subject: person
  when: x_call_open_at_transfer && out_new_sum_24h >= 10000y
  scams: [${scam === 'general' ? 'svc' : scam}]
  level: P3
  reason: { zh: '通话未断时向新收款人转出{out_new_sum_24h}', en: 'sent {out_new_sum_24h} to new payees on the phone' }
  talkTrack: ${scam}
  owner: 请填写
  examples:
    - says: all of it together
      facts: { x_call_open_at_transfer: true, out_new_sum_24h: 20000y }
      fires: true
    - says: the payment alone
      facts: { out_new_sum_24h: 20000y }
      fires: false
`,
  );
  return say(`wrote ${file}\nchange it, then: pnpm --silent rule check ${file}`);
}
