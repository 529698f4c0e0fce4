import { HttpProblem } from '@skyeye/identity';
import { z } from 'zod';

/** Ids of incidents in an address: never an identifier of a person. */
export const incidentParams = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'not the id of an incident') });

/** A whole number in a query. */
export const queryInt = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, 'not a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max));

export const unknownUnit = (): HttpProblem =>
  new HttpProblem({
    status: 400,
    code: 'UNKNOWN_UNIT',
    message: 'the county has no such unit; nothing was changed; choose one of the list',
  });
