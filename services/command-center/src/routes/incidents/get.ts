import { route, who, type Route } from '@skyeye/identity';
import { ownIncident, READERS } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { incidentParams } from '../../params.ts';

export const getIncident = (context: Context): Route =>
  route(
    {
      method: 'GET',
      path: '/api/incidents/:id',
      says: 'everything on the incident page',
      access: READERS,
      perMinute: 240,
      audit: null,
      params: incidentParams,
    },
    async ({ params, session }) => {
      await ownIncident(context, who(session), params.id);
      return context.views.detail(params.id);
    },
  );
