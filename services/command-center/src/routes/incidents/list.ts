import { z } from 'zod';
import { level } from '@skyeye/contracts';
import { route, who, type Route } from '@skyeye/identity';
import { READERS } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { queryInt } from '../../params.ts';

const query = z.strictObject({
  state: z.enum(['open', 'closed']).default('open'),
  level: level.optional(),
  station: z.string().max(32).optional(),
  limit: queryInt(1, 500).optional(),
  before: queryInt(0, Number.MAX_SAFE_INTEGER).optional(),
});

export const listIncidents = ({ views }: Context): Route =>
  route(
    {
      method: 'GET',
      path: '/api/incidents',
      says: 'the queue, by remaining time to loss',
      access: READERS,
      perMinute: 240,
      audit: null,
      query,
    },
    ({ query: asked, session }) => {
      const { role, unit } = who(session);
      const station = role === 'station' ? (unit ?? '') : asked.station;
      return views.list({
        state: asked.state,
        ...(asked.level === undefined ? {} : { level: asked.level }),
        ...(station === undefined ? {} : { station }),
        ...(asked.limit === undefined ? {} : { limit: asked.limit }),
        ...(asked.before === undefined ? {} : { before: asked.before }),
      });
    },
  );
