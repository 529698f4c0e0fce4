/**
 * The package's entry "./measured": counties for measuring detection, with their truth and with provinces that no model is
 * trained on. Only benchmarks and tests may import it; commands that train may not.
 */
export { chanceOf, ClosedCounty, type Case, type ClosedCountyOptions } from './closed-county.ts';
export { ADVERSARIES, type Adversary } from './scripts/adversary.ts';
export { paceOf } from './live/pace.ts';
export type { Life } from './live/lives.ts';
export type { Payment } from './payment.ts';
export type { ProvinceName } from './province.ts';
export type { GateAnswer } from './scripts/instance.ts';
