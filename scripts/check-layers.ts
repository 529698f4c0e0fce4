import { layerViolations, manifestViolations } from './layer-rules.ts';
import { manifests, sourcesMatching } from './repository.ts';

const sources = sourcesMatching(['packages/*/{src,bin}/**/*.ts', 'services/*/{src,bin}/**/*.ts', 'services/*/web/src/**/*.{ts,tsx}']);
const mistakes = [...manifestViolations(manifests()), ...layerViolations(sources)];
for (const mistake of mistakes) console.error(mistake);
console.log(`${sources.length} sources, ${mistakes.length} crossings`);
process.exitCode = mistakes.length > 0 ? 1 : 0;
