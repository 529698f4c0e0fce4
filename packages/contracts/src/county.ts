import { z } from 'zod';

/** Geography of one county: stations, communities, grids, fences and teams. A file that the county maintains; coordinates in degrees. */
const ring = z.array(z.tuple([z.number(), z.number()])).min(4);
export const county = z.object({
  code: z.string(),
  name: z.object({ zh: z.string(), en: z.string() }),
  towns: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      nameEn: z.string(),
      urban: z.boolean(),
      border: ring,
      centre: z.tuple([z.number(), z.number()]),
      station: z.string(),
    }),
  ),
  stations: z.array(
    z.object({ code: z.string(), name: z.string(), nameEn: z.string(), lon: z.number(), lat: z.number(), town: z.string() }),
  ),
  communities: z.array(
    z.object({ code: z.string(), name: z.string(), town: z.string(), lon: z.number(), lat: z.number(), radiusM: z.number() }),
  ),
  grids: z.array(z.object({ code: z.string(), name: z.string(), community: z.string(), lon: z.number(), lat: z.number() })),
  /** Electronic fences: around bank halls and other places where money leaves. */
  fences: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      kind: z.enum(['bank', 'atm', 'station', 'hotel', 'post']),
      border: ring,
      station: z.string(),
    }),
  ),
  /** Red-armband dissuasion teams 红袖标劝阻队 with their shifts (local hours). */
  teams: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      nameEn: z.string(),
      station: z.string(),
      lon: z.number(),
      lat: z.number(),
      shifts: z.array(z.object({ fromHour: z.int(), toHour: z.int(), members: z.int() })),
    }),
  ),
  banks: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      branches: z.array(z.object({ code: z.string(), name: z.string(), lon: z.number(), lat: z.number(), town: z.string() })),
    }),
  ),
  cells: z.array(z.object({ code: z.string(), lon: z.number(), lat: z.number(), radiusM: z.number() })),
  roads: z.array(z.array(z.tuple([z.number(), z.number()]))),
});
export type County = z.infer<typeof county>;
