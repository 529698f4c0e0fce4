import type { Part } from './part.ts';
export const flink: Part = { name: 'flink', outside: true, run: () => [] };
