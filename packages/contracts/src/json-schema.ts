import { z } from 'zod';

export type Schema = z.ZodType;

/**
 * The JSON Schema (2020-12) of a schema of ours: `input` as a sender writes it, defaults left out; `output` as a reader gets
 * it. A refinement in code cannot be said in it and is left out.
 */
export function jsonSchemaOf(schema: Schema, io: 'input' | 'output'): Record<string, unknown> {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' });
}
