import { route, who, type Route } from '@skyeye/identity';
import { noteViewed } from '@skyeye/ledger';
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
      audit: 'incident_viewed',
      params: incidentParams,
    },
    async ({ params, session }) => {
      const { account, unit } = who(session);
      await ownIncident(context, who(session), params.id);
      // Before the reply: what could not be noted is not shown.
      await noteViewed(context.ledger, { incidentId: params.id, actor: { account, unit }, nowMs: context.clock.nowMs() });
      return context.views.detail(params.id);
    },
  );
