import { signBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { sign } from '@skyeye/ledger';
import { act, DESK } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { incidentParams } from '../../params.ts';

export const signIncident = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/incidents/:id/sign',
      says: 'sign for it 签收',
      access: DESK,
      perMinute: 120,
      audit: 'incident_signed',
      params: incidentParams,
      body: signBody,
    },
    ({ params, body, session }) => act(context, { session, id: params.id, version: body.version }, (input) => sign(context.ledger, input)),
  );
