import { reviewBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { reviewResult } from '@skyeye/ledger';
import { redactTyped } from '@skyeye/telemetry';
import { act } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { incidentParams } from '../../params.ts';

export const reviewIncident = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/incidents/:id/review',
      says: 'correct a coded result after an appeal or a second look, by somebody who did not code it',
      access: ['leader'],
      perMinute: 30,
      audit: 'result_reviewed',
      params: incidentParams,
      body: reviewBody,
    },
    ({ params, body, session }) =>
      act(context, { session, id: params.id, version: body.version }, (input) =>
        reviewResult(context.ledger, {
          ...input,
          result: body.result,
          falseAlarmCause: body.falseAlarmCause,
          appeal: body.appeal,
          reason: redactTyped(body.reason),
        }),
      ),
  );
