import { noteBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { redactTyped } from '@skyeye/telemetry';
import { addNote } from '@skyeye/ledger';
import { act, DESK } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { incidentParams } from '../../params.ts';

export const noteIncident = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/incidents/:id/notes',
      says: 'add a remark',
      access: DESK,
      perMinute: 60,
      audit: 'incident_noted',
      params: incidentParams,
      body: noteBody,
    },
    ({ params, body, session }) =>
      act(context, { session, id: params.id, version: 0 }, ({ incidentId, actor, nowMs }) =>
        addNote(context.ledger, { incidentId, actor, nowMs, text: redactTyped(body.text) }),
      ),
  );
