import { modelAdapter, openModel } from '@skyeye/model';
import { loadCatalogue } from '@skyeye/catalogue';
import { inputSignature } from '@skyeye/detection';
import { agreementOf, labelsOf, trustOf, type CodedResult, type Label } from '@skyeye/learning';
import { loadModel } from '@skyeye/model';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { averagePrecision } from '../train/measure.ts';
import { labelledOf, trainCandidate } from './candidate.ts';
import type { Judgement } from './stored-days.ts';

const HOUR = 3_600_000;
const LATER = 10_000 * HOUR;

function random(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 4_294_967_296;
}

/** Visits of eight teams: evidence of four inputs makes a fraud likely, and what was coded may be wrong. */
function visits(
  seed: number,
  wrong: (team: string, fraud: boolean, chance: number) => boolean,
): { judgements: Judgement[]; results: CodedResult[]; truth: Map<string, boolean> } {
  const next = random(seed);
  const width = inputSignature(loadCatalogue()).inputs.length;
  const places = ['rctl_share_on_now', 'svc_call_share_live', 'call_unk_active_s', 'x_longcall_app_60m'].map((name) =>
    inputSignature(loadCatalogue()).inputs.indexOf(name),
  );
  const judgements: Judgement[] = [];
  const results: CodedResult[] = [];
  const truth = new Map<string, boolean>();
  for (let at = 0; at < 1_200; at++) {
    const row = new Float32Array(width);
    let evidence = 0;
    for (const place of places) if (next() < 0.4) [row[place], evidence] = [0.5 + next() / 2, evidence + 1];
    const score = [0.1, 0.3, 0.6, 0.85, 0.95][evidence] ?? 0.5;
    const fraud = next() < score;
    const person = `p${at}`;
    const team = `t${Math.floor(next() * 8)}`;
    const t = at * HOUR;
    const said = wrong(team, fraud, next()) ? !fraud : fraud;
    truth.set(person, fraud);
    judgements.push({ person, t, row });
    results.push({
      incidentId: `i${at}`,
      person,
      fromMs: t,
      untilMs: t,
      atMs: t + HOUR,
      kind: 'result',
      result: said ? 'stopped_before' : 'false_alarm',
      scam: said ? 'svc' : null,
      level: 'P1',
      score,
      team,
      chance: 1,
    });
  }
  return { judgements, results, truth };
}

/** Average precision against the truth on visits that nobody coded. */
async function learned(labels: readonly Label[], judgements: readonly Judgement[]): Promise<number> {
  const adapter = await modelAdapter('wasm');
  const champion = await loadModel(join(import.meta.dirname, '../../person/2'), { adapter, expects: inputSignature(loadCatalogue()) });
  const candidate = await trainCandidate(labelledOf(judgements, labels, { nowMs: LATER, delayMs: LATER }), {
    champion,
    adapter,
    version: '1',
    seed: 3,
  });
  champion.dispose();
  const model = await openModel(adapter, candidate.signature, candidate.weights, candidate.calibration);
  const fresh = visits(99, () => false);
  const all = inputSignature(loadCatalogue()).inputs;
  const places = candidate.signature.inputs.map((name) => all.indexOf(name));
  const rows = Float32Array.from(fresh.judgements.flatMap(({ row }) => places.map((place) => row[place] ?? 0)));
  const { probabilities } = await model.predict(rows);
  model.dispose();
  return averagePrecision(fresh.judgements.map(({ person }, at) => [probabilities[at] ?? 0, fresh.truth.get(person) === true] as const));
}

test(
  'one result in ten coded the wrong way costs at most three points of average precision, a lying team at most one once noticed',
  { timeout: 60_000 },
  async () => {
    const clean = visits(1, () => false);
    const flipped = visits(1, (_team, _fraud, chance) => chance < 0.1);
    const liar = visits(1, (team, fraud) => team === 't3' && fraud);
    const precision = async ({ results, judgements }: typeof clean, noticed: boolean): Promise<number> => {
      const agreement = agreementOf(results, [], LATER);
      if (noticed)
        expect(agreement.teams.filter(({ suspicious }) => suspicious).map(({ team }) => team)).toEqual(
          results === liar.results ? ['t3'] : [],
        );
      return learned(labelsOf(results, [], { nowMs: LATER, ...(noticed ? { trust: trustOf(agreement) } : {}) }), judgements);
    };
    const [best, withFlips, withLiar] = [await precision(clean, true), await precision(flipped, true), await precision(liar, true)];
    expect(best).toBeGreaterThan(0.6);
    expect(best - withFlips).toBeLessThan(0.03);
    expect(best - withLiar).toBeLessThan(0.01);
  },
);
