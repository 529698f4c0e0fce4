import { nearestWord } from '@skyeye/foundation';
import { check } from './check.ts';
import { diff } from './diff.ts';
import { explain } from './explain.ts';
import { Refusal } from './files.ts';
import { plan } from './plan.ts';
import { trace } from './trace.ts';
import { tryIt } from './try.ts';
import { values } from './values.ts';

interface Command {
  readonly run: (argv: readonly string[]) => number | Promise<number>;
  readonly usage: string;
}

const FACTS = `--events    the events, one JSON object a line
         --dims      the attributes, a JSON list of [kind of key, key, attributes]; none unless told
         --stamps    whether the events carry what was stamped on them at intake, or it is computed here: given or computed; given unless told
         --holidays  days that are no working days; none unless told`;

/** Sub-commands of `pnpm feature`. Each gets its arguments and returns the exit code: 0 done, 1 found something, 2 refused. */
const COMMANDS: Readonly<Record<string, Command>> = {
  check: {
    run: check,
    usage: `check <file.yaml>
         checks a file of features: types and units, cost, what each overlaps with; every mistake with line, column and caret
         1 when there are mistakes`,
  },
  explain: { run: explain, usage: `explain <id>\n         says in Chinese and in English what a feature computes and when it fires` },
  trace: {
    run: trace,
    usage: `trace <id> <entity> --events f.jsonl [--dims f.json] [--last 24h] [--svg out.svg]
         prints the value of a feature for one key over time, with the events that made it
         ${FACTS}
         --last      only so long before the last evaluation
         --svg       writes a picture as well
         1 when nothing was evaluated for the key`,
  },
  try: {
    run: tryIt,
    usage: `try '<formula>' --events f.jsonl [--dims f.json] [--key person] [--of key] [--on call,fund] [--all]
         evaluates a formula that is no feature yet
         ${FACTS}
         --key       the kind of key; person unless told
         --of        only this key
         --on        streams whose events evaluate it; those that it reads unless told
         --all       every row, not the last 40`,
  },
  diff: {
    run: diff,
    usage: `diff <old> <new> --events f.jsonl [--dims f.json] [--all]
         prints where two versions of a feature differ; a version is a file of features, an id, or 'id@formula'
         ${FACTS}
         --all       every row, not the first 40
         1 when they differ`,
  },
  plan: {
    run: plan,
    usage: `plan [id] [--measure --events f.jsonl]
         prints what the compiled plan shares between features and what it costs, or how one feature is computed and with how many it shares
         --measure   measures the cost over the events of a file, besides estimating it`,
  },
  values: {
    run: values,
    usage: `values --events f.jsonl --dims f.json [--engine fast|slow] [--stamps given|computed] [--holidays file]
         prints the value of every feature that every event of the file triggers, as tab-separated lines
         ${FACTS.replace('; none unless told', '')}
         --engine    which implementation computes; fast unless told`,
  },
};

const USAGE = `pnpm --silent feature <command>

${Object.values(COMMANDS)
  .map(({ usage }) => `  ${usage}`)
  .join('\n\n')}

The exit code is 0 when done, 1 when something was found, 2 when the command was refused.`;

/** Runs a command of `pnpm feature`. @returns the exit code */
export async function main([name, ...argv]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const near = nearestWord(name, Object.keys(COMMANDS));
    process.stderr.write(`there is no command "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}\n\n${USAGE}\n`);
    return 2;
  }
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(`pnpm --silent feature ${command.usage}\n`);
    return 0;
  }
  try {
    return await command.run(argv);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}
