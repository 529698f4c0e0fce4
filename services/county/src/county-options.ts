import { z } from 'zod';

/** A whole number from the command line, with the default when it is not given. */
export const whole = (min: number, max: number, fallback: number) =>
  z.coerce.number({ error: 'not a number' }).int('not a whole number').min(min, `below ${min}`).max(max, `above ${max}`).default(fallback);

/** Which county is simulated and how it lives: the same options whether it is a process of its own or a room of another. */
export const countyOptions = {
  seed: {
    type: whole(1, 2_000_000_000, 1),
    says: 'which county is simulated; counts on the first start of a folder',
    range: '1..2000000000',
  },
  residents: {
    type: whole(200, 200_000, 20_000),
    says: 'how many people live in it; counts on the first start of a folder',
    range: '200..200000',
  },
  speed: { type: whole(1, 600, 5), says: 'county seconds per second', range: '1..600' },
  scams: {
    type: z.enum(['realistic', 'dense'], 'one of realistic, dense').default('dense'),
    says: 'as many scams as in life, or about one a minute',
    range: 'realistic|dense',
  },
} as const;
