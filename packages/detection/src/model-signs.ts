import type { Catalogue } from '@skyeye/catalogue';
import type { SubjectKind } from '@skyeye/contracts';
import { isOffenderFeature } from './rule-score.ts';

/**
 * Which way each input of a model may move the answer: 1 more of it never lowers it (confirmed evidence: weight 3, strong by
 * itself), −1 never raises it (mitigation), 0 free. Weights 1 and 2 are hints that innocent lives have too, and may count either
 * way beside others. A feature that speaks only of offenders says nothing sure about a victim: free in the person model.
 */
export function inputSigns(catalogue: Catalogue, inputs: readonly string[], subject: SubjectKind | 'person'): Int8Array {
  return Int8Array.from(inputs, (name) => {
    const feature = catalogue.byId.get(name.replace('~', ''));
    if (feature === undefined || (subject === 'person' && isOffenderFeature(feature))) return 0;
    if (feature.fires.weight < 0) return -1;
    return feature.fires.weight === 3 ? 1 : 0;
  });
}
