import { taskStep } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { acceptTask } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { CREW, takeStep, taskParams } from '../../steps.ts';

export const acceptTaskRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/tasks/:id/accept',
      says: 'accept a task 接单; from then on the person is shown in clear',
      access: CREW,
      perMinute: 120,
      audit: 'task_accepted',
      params: taskParams,
      body: taskStep,
    },
    ({ params, body, session }) =>
      takeStep(context, { session, id: params.id }, (input) => acceptTask(context.ledger, { ...input, step: body })),
  );
