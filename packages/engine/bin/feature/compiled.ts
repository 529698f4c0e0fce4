import { languageSchema, loadCatalogue, type Feature } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import { Compiler, type Evaluate } from '@skyeye/language';

interface CompiledFeature extends Feature {
  readonly evaluate: Evaluate;
}

const compiler = new Compiler(languageSchema);
const FEATURES: readonly CompiledFeature[] = loadCatalogue().features.map((feature) => ({
  ...feature,
  evaluate: compiler.compile(feature.ast),
}));
const triggered = new Map<string, readonly CompiledFeature[]>();

/** Features that an event triggers, in catalogue order. */
export function triggeredBy(event: StreamEvent): readonly CompiledFeature[] {
  const dir = event['dir'];
  const name = `${event.stream}/${typeof dir === 'string' ? dir : ''}`;
  let features = triggered.get(name);
  if (features === undefined) {
    features = FEATURES.filter(({ triggers }) =>
      triggers.some((trigger) => trigger.stream === event.stream && (trigger.dir === null || trigger.dir === dir)),
    );
    triggered.set(name, features);
  }
  return features;
}
