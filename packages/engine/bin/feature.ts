import { nearestWord } from '@skyeye/foundation';
import { plan } from './feature/plan.ts';
import { values } from './feature/values.ts';

/** Sub-commands of `pnpm feature`. Each gets its arguments and returns the exit code: 0 done, 2 refused. */
const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = { plan, values };

const USAGE = `pnpm --silent feature <command>

  plan [id]
         prints what the compiled plan shares between features, or how one feature is computed and with how many it shares

  values --events f.jsonl --dims f.json [--engine fast|slow] [--stamps given|computed] [--holidays file]
         prints the value of every feature that every event of the file triggers, as tab-separated lines
         --events    the events, one JSON object a line
         --dims      the attributes, a JSON list of [kind of key, key, attributes]
         --engine    which implementation computes; fast unless told
         --stamps    whether the events carry what was stamped on them at intake, or it is computed here; given unless told
         --holidays  days that are no working days; none unless told`;

async function main([name, ...argv]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined && (argv.includes('--help') || argv.includes('-h'))) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (command !== undefined) return command(argv);
  const near = nearestWord(name, Object.keys(COMMANDS));
  process.stderr.write(`there is no command "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}\n\n${USAGE}\n`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
