import type { StreamEvent } from '@skyeye/contracts';
import { LanguageError, printFormula, walk, type Expression } from '@skyeye/language';
import fc from 'fast-check';
import { randomStream } from '../../packages/engine/src/fast/testing/random-events.ts';
import { Draw } from './draw.ts';
import { randomFeatures } from './grammar.ts';
import { checked, type ProofCase, type ProofFeature } from './proof-case.ts';
import { randomEvents } from './streams.ts';

const EVENTS_MAX = 36;
/** In one case of so many one key has a long history. */
const BUSY_EVERY = 20;

/** Random catalogues over random streams, which shrink to few features, short formulas and few events. */
class RandomCases extends fc.Arbitrary<ProofCase> {
  generate(random: fc.Random): fc.Value<ProofCase> {
    const draw = new Draw(random);
    const { features, streams } = randomFeatures(draw);
    const busy = draw.oneIn(BUSY_EVERY);
    const events = randomEvents(draw, streams, (busy ? 2 * EVENTS_MAX : 4) + draw.below(EVENTS_MAX), busy);
    // What was forgotten is no part of a checkpoint, and the fan-out of callers is counted over the events that are held.
    const eventsMax = draw.oneIn(12) && !streams.includes('call') ? 10 : null;
    const one: ProofCase = {
      features,
      scope: draw.pick(['residents', 'all']),
      references: draw.oneIn(4) ? [] : randomStream(draw.below(1000), 0).references,
      events,
      batches: draw.oneIn(2) ? [1] : Array.from({ length: 4 }, () => 1 + draw.below(6)),
      checkpoints: eventsMax !== null || draw.oneIn(2) ? [] : [draw.below(events.length), draw.below(events.length)],
      peekEvery: draw.below(4),
      tickEvery: draw.below(5),
      eventsMax,
      ...draw.pick([{}, { layered: true }]),
      ...draw.pick([{}, { hotAt: 4 }, { hotAt: 4 }, { hotAt: 12 }]),
    };
    return new fc.Value(one, undefined);
  }

  canShrinkWithoutContext(value: unknown): value is ProofCase {
    return typeof value === 'object' && value !== null && 'features' in value;
  }

  shrink(value: ProofCase): fc.Stream<fc.Value<ProofCase>> {
    return new fc.Stream(smaller(value)).map((one) => new fc.Value(one, undefined));
  }
}

export const randomCase: fc.Arbitrary<ProofCase> = new RandomCases();

/** Parts of a list left out: halves, then quarters, at last single elements. */
function* without<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < list.length; from += size) yield [...list.slice(0, from), ...list.slice(from + size)];
  }
}

function* smaller(one: ProofCase): Generator<ProofCase> {
  for (const features of without(one.features)) if (features.length > 0) yield { ...one, features };
  for (const events of without(one.events)) yield { ...one, events };
  if (one.references.length > 0) yield { ...one, references: [] };
  if (one.checkpoints.length > 0) yield { ...one, checkpoints: [] };
  if (one.batches.length > 1 || one.batches[0] !== 1) yield { ...one, batches: [1] };
  if (one.peekEvery > 0) yield { ...one, peekEvery: 0 };
  if (one.tickEvery > 0) yield { ...one, tickEvery: 0 };
  if (one.eventsMax !== null) yield { ...one, eventsMax: null };
  for (const references of without(one.references)) yield { ...one, references };
  for (const [index, feature] of one.features.entries())
    for (const simpler of simplerThan(feature)) yield { ...one, features: one.features.with(index, simpler) };
  for (const [index, event] of one.events.entries())
    for (const fewer of fewerFields(event)) yield { ...one, events: one.events.with(index, fewer) };
}

/** The parts of a formula as formulas of their own; filters left out. */
function* simplerThan(feature: ProofFeature): Generator<ProofFeature> {
  const { ast } = checked(feature);
  const parts: Expression[] = [];
  walk(ast, (node) => {
    if (node !== ast && isExpression(node)) parts.push(node);
  });
  const texts = [...parts.map((part) => printFormula(part)), ...bracketless(feature.formula)];
  for (const formula of new Set(texts)) {
    if (formula.length < feature.formula.length && isSound({ ...feature, formula })) yield { ...feature, formula };
  }
  if (feature.timer) yield { ...feature, timer: false };
  if (feature.triggers.length > 1) {
    for (const triggers of without(feature.triggers))
      if (triggers.length > 0 && isSound({ ...feature, triggers })) yield { ...feature, triggers };
  }
}

function isExpression(node: object): node is Expression {
  return 'kind' in node && (node.kind === 'call' || node.kind === 'sequence' || node.kind === 'of' || node.kind === 'arithmetic');
}

/** The formula with one filter less. */
function* bracketless(formula: string): Generator<string> {
  for (const match of formula.matchAll(/\[[^\]]*\]/g)) yield formula.slice(0, match.index) + formula.slice(match.index + match[0].length);
}

function isSound(feature: ProofFeature): boolean {
  try {
    checked(feature);
    return true;
  } catch (error) {
    if (error instanceof LanguageError) return false;
    throw error;
  }
}

function* fewerFields(event: StreamEvent): Generator<StreamEvent> {
  const names = Object.keys(event).filter((name) => name !== 'stream' && name !== 'id' && name !== 't');
  if (names.length === 0) return;
  for (const kept of without(names)) {
    const own = Object.fromEntries(kept.map((name) => [name, event[name] ?? null]));
    yield { stream: event.stream, id: event.id, t: event.t, ...own };
  }
}
