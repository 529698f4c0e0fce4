import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import { NO_HOLIDAYS, staticDimensions } from '@skyeye/language';
import { expect, test } from 'vitest';
import { causesOf } from './causes.ts';
import { diff } from './diff.ts';
import { pointsOf, worldOf, type Facts } from './points.ts';
import { withFormula } from './resolve.ts';
import { traceSvg } from './trace-svg.ts';
import { trace } from './trace.ts';

const GOLDEN = join(import.meta.dirname, '../../../testkit/golden');
const { features, byId } = loadCatalogue();

/** The last of a golden file's events. */
function factsOf(name: string, count: number): Facts {
  const lines = readFileSync(join(GOLDEN, `${name}.events.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .slice(-count);
  return { events: lines.map((line) => JSON.parse(line) as StreamEvent), dims: staticDimensions([]), holidays: NO_HOLIDAYS };
}

test.each(['svc', 'mule_ring', 'probe_mule'])('in %s the events named as causes explain every value', (name) => {
  const facts = factsOf(name, 160);
  const world = worldOf(facts);
  let [counted, chains] = [0, 0];
  for (const feature of features) {
    for (const point of pointsOf(
      { keyType: feature.keyedBy, triggers: feature.triggers, ast: feature.ast, fires: feature.fire },
      facts,
      undefined,
      world,
    )) {
      for (const { part, expression, value, events } of causesOf(feature.ast, point.context)) {
        for (const event of events) expect(event.t, part).toBeLessThanOrEqual(point.event.t);
        if (expression.kind === 'sequence') {
          expect(events.length > 0, part).toBe(value);
          expect(events.length === 0 || events.length === expression.next.length + 1, part).toBe(true);
          chains += value === true ? 1 : 0;
        }
        if (expression.kind !== 'call') continue;
        if (expression.name === 'count') expect(events.length, part).toBe(value);
        if (expression.name === 'exists') expect(events.length > 0, part).toBe(value);
        const [selector] = expression.args;
        if (selector?.kind !== 'selector' || selector.field === null) continue;
        const { field } = selector;
        if (expression.name === 'sum')
          expect(
            events.reduce((sum, event) => sum + Number(event[field]), 0),
            part,
          ).toBe(value);
        if (expression.name === 'max' || expression.name === 'last') expect(events[0]?.[field] ?? null, part).toBe(value);
        counted += 1;
      }
    }
  }
  expect(counted).toBeGreaterThan(100);
  expect(chains).toBeGreaterThan(0);
});

test('every feature that was evaluated can be drawn', () => {
  const facts = factsOf('svc', 160);
  const world = worldOf(facts);
  let drawn = 0;
  for (const feature of features) {
    const [point] = pointsOf(
      { keyType: feature.keyedBy, triggers: feature.triggers, ast: feature.ast, fires: feature.fire },
      facts,
      undefined,
      world,
    );
    if (point === undefined) continue;
    expect(traceSvg(trace(feature, point.key, facts)), feature.id).not.toMatch(/NaN|undefined|Infinity/);
    drawn += 1;
  }
  expect(drawn).toBeGreaterThan(100);
});

test('a version with the same meaning differs nowhere, another window does', () => {
  const feature = byId.get('out_sum_24h');
  if (feature === undefined) throw new Error('the catalogue has changed');
  const facts = factsOf('svc', 160);
  const [same, shorter] = ['24h', '5m'].map((window) => withFormula(feature, feature.formula.replace('24h', window)).feature ?? feature);
  expect(diff(feature, same ?? feature, facts).differences).toEqual([]);
  const { differences, evaluations } = diff(feature, shorter ?? feature, facts);
  expect(differences.length).toBeGreaterThan(0);
  expect(differences.length).toBeLessThan(evaluations);
});
