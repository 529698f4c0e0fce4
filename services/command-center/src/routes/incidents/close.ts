import { closeBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { redactTyped } from '@skyeye/telemetry';
import { close } from '@skyeye/ledger';
import { act, DESK } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { incidentParams } from '../../params.ts';

export const closeIncident = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/incidents/:id/close',
      says: 'close with a coded result',
      access: DESK,
      perMinute: 60,
      audit: 'incident_closed',
      params: incidentParams,
      body: closeBody,
    },
    ({ params, body, session }) =>
      act(context, { session, id: params.id, version: body.version }, (input) =>
        close(context.ledger, { ...input, result: body.result, falseAlarmCause: body.falseAlarmCause, note: redactTyped(body.note) }),
      ),
  );
