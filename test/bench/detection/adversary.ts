import { ADVERSARIES, type Adversary } from '@skyeye/simulator/measured';
import { type Measured } from './interval.ts';
import { moneyLeft, stoppedOfAll, victims } from './measures.ts';
import type { Run } from './run-county.ts';

const SAYS: Readonly<Record<Adversary, string>> = {
  none: 'as scripts are written',
  split: 'each payment in four, 12 minutes apart',
  wait: 'hang up, wait 25 hours, then pay',
  warm: '88 yuan to the payee, wait 25 hours, then pay',
};

export interface AdversaryRow {
  readonly adversary: Adversary;
  readonly moneyLeft: Measured;
  /** Victims who lose at most 500 yuan: what warms a payee is a loss, too. */
  readonly kept: Measured;
  readonly byScript: readonly { readonly script: string; readonly of: number; readonly left: number }[];
}

const TRIFLE_FEN = 50_000;

/** How much each way of hiding buys a scammer: the same counties, lived through once for each. */
export async function adversaryTable(
  run: (adversary: Adversary) => Promise<readonly Run[]>,
  say: (line: string) => void,
): Promise<AdversaryRow[]> {
  const rows: AdversaryRow[] = [];
  const percent = (value: number): string => (Number.isNaN(value) ? 'none' : `${(100 * value).toFixed(1)} %`);
  say(`\n  ${'what scammers do'.padEnd(48)} ${'money that leaves'.padStart(30)} ${'lose at most 500 yuan'.padStart(30)} victims`);
  for (const adversary of ADVERSARIES) {
    const list = (await run(adversary)).flatMap(victims);
    // What warms a payee up is no loss that anybody could have stopped.
    const kept = stoppedOfAll(list.map((one) => ({ ...one, lostFen: one.lostFen <= TRIFLE_FEN ? 0 : one.lostFen })));
    const row = { adversary, moneyLeft: moneyLeft(list), kept, byScript: byScriptOf(list) };
    rows.push(row);
    const shown = ({ value, low, high }: Measured): string => `${percent(value)} (${percent(low)} to ${percent(high)})`;
    say(`  ${SAYS[adversary].padEnd(48)} ${shown(row.moneyLeft).padStart(30)} ${shown(kept).padStart(30)} ${list.length}`);
  }
  const scripts = [...new Set(rows.flatMap(({ byScript }) => byScript.map(({ script }) => script)))].toSorted();
  say(`\n  money that leaves, by script ${ADVERSARIES.map((name) => name.padStart(16)).join('')}`);
  for (const script of scripts) {
    const cells = rows.map(({ byScript }) => byScript.find((one) => one.script === script));
    say(
      `  ${script.padEnd(28)} ${cells.map((cell) => (cell === undefined ? '-' : `${percent(cell.left)} of ${cell.of}`).padStart(16)).join('')}`,
    );
  }
  return rows;
}

function byScriptOf(list: ReturnType<typeof victims>): AdversaryRow['byScript'] {
  return [...Map.groupBy(list, ({ script }) => script)].map(([script, own]) => ({ script, of: own.length, left: moneyLeft(own).value }));
}
