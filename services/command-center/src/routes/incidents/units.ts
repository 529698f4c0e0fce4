import { route, who, type Route } from '@skyeye/identity';
import { busyUnits } from '@skyeye/ledger';
import { unitOptions } from '@skyeye/response';
import { DESK, ownIncident } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { incidentParams } from '../../params.ts';
import { whereaboutsOf } from '../../whereabouts.ts';

export const listUnits = (context: Context): Route =>
  route(
    {
      method: 'GET',
      path: '/api/incidents/:id/units',
      says: 'who could go, nearest first',
      access: DESK,
      perMinute: 120,
      audit: null,
      params: incidentParams,
    },
    async ({ params, session }) => {
      const row = await ownIncident(context, who(session), params.id);
      const busy = await busyUnits(context.ledger);
      return unitOptions(context.geo, await whereaboutsOf(context, row), context.clock.nowMs(), (unit) => busy.get(unit) ?? 0);
    },
  );
