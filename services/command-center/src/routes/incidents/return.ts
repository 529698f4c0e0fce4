import { returnBody } from '@skyeye/contracts';
import { route, who, type Route } from '@skyeye/identity';
import { returnTo } from '@skyeye/ledger';
import { redactTyped } from '@skyeye/telemetry';
import { act, DESK, ownIncident } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { incidentParams, unknownUnit } from '../../params.ts';

export const returnIncident = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/incidents/:id/returns',
      says: "return to the station of the right district 退回: each station once and within five minutes, the county's desk at any time",
      access: DESK,
      perMinute: 60,
      audit: 'incident_returned',
      params: incidentParams,
      body: returnBody,
    },
    async ({ params, body, session }) => {
      const { role } = who(session);
      await ownIncident(context, who(session), params.id);
      const to = context.county.stations.find(({ code }) => code === body.station);
      if (to === undefined) throw unknownUnit();
      return act(context, { session, id: params.id, version: body.version }, (input) =>
        returnTo(context.ledger, { ...input, to, byStation: role === 'station', reason: redactTyped(body.reason) }),
      );
    },
  );
