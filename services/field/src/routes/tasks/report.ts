import { report } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { reportTask } from '@skyeye/ledger';
import { redactTyped } from '@skyeye/telemetry';
import type { Context } from '../../deps.ts';
import { CREW, takeStep, taskParams } from '../../steps.ts';

/** Numbers in the remarks are replaced: the ledger holds none in clear (invariant 8). */
export const reportRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/tasks/:id/report',
      says: 'the coded form of the result 反馈',
      access: CREW,
      perMinute: 60,
      audit: 'incident_resulted',
      params: taskParams,
      body: report,
    },
    ({ params, body, session }) =>
      takeStep(context, { session, id: params.id }, (input) =>
        reportTask(context.ledger, { ...input, report: { ...body, notes: redactTyped(body.notes) } }),
      ),
  );
