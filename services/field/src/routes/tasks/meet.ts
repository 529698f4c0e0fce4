import { taskStep } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { meet } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { CREW, takeStep, taskParams } from '../../steps.ts';

export const meetRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/tasks/:id/meet',
      says: 'met the person face to face 见面',
      access: CREW,
      perMinute: 120,
      audit: 'task_met',
      params: taskParams,
      body: taskStep,
    },
    ({ params, body, session }) => takeStep(context, { session, id: params.id }, (input) => meet(context.ledger, { ...input, step: body })),
  );
