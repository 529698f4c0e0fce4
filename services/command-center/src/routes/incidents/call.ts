import { callBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { redactTyped } from '@skyeye/telemetry';
import { recordCall } from '@skyeye/ledger';
import { act, DESK } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { incidentParams } from '../../params.ts';

export const callIncident = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/incidents/:id/calls',
      says: 'note a call 电话劝阻 and its coded result',
      access: DESK,
      perMinute: 120,
      audit: 'incident_called',
      params: incidentParams,
      body: callBody,
    },
    ({ params, body, session }) =>
      act(context, { session, id: params.id, version: body.version }, (input) =>
        recordCall(context.ledger, { ...input, result: body.result, note: redactTyped(body.note) }),
      ),
  );
