import { taskStep } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { arrive } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { CREW, takeStep, taskParams } from '../../steps.ts';

export const arriveRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/tasks/:id/arrive',
      says: 'arrived at the place',
      access: CREW,
      perMinute: 120,
      audit: 'task_arrived',
      params: taskParams,
      body: taskStep,
    },
    ({ params, body, session }) =>
      takeStep(context, { session, id: params.id }, (input) => arrive(context.ledger, { ...input, step: body })),
  );
