/**
 * The package's entry "./labels": the truth of a simulated county. Only the command that trains models and tests may import it
 * (the layer table says so); nothing that decides about people sees it.
 */
export { labelledBatch } from './batch.ts';
export { labelOf, type Label, type LabelSink } from './label.ts';
