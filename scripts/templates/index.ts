export { newFeature } from './feature.ts';
export { newRoute } from './route.ts';
export { newSource } from './source.ts';
