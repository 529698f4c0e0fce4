import { taskStep } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { requestStop } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { takeStep, taskParams } from '../../steps.ts';

export const requestStopRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/tasks/:id/request-stop',
      says: 'ask the desk for a stop payment; the desk decides',
      access: ['officer', 'team', 'station'],
      perMinute: 120,
      audit: 'hold_asked',
      params: taskParams,
      body: taskStep,
    },
    ({ params, body, session }) =>
      takeStep(context, { session, id: params.id }, (input) => requestStop(context.ledger, { ...input, step: body })),
  );
