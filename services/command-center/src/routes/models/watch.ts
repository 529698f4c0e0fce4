import { modelParams, modelStepBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { watchModel } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { actOnModel } from '../../models.ts';

export const watchModelRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/models/:model/watch',
      says: 'let a version judge everything beside the champion and decide nothing',
      access: ['analyst', 'leader'],
      perMinute: 30,
      audit: 'model_challenger',
      params: modelParams,
      body: modelStepBody,
    },
    async ({ params, body, session }) => {
      await actOnModel(context, { session, name: params.model, ...body }, (act) => watchModel(context.ledger, act));
      return undefined;
    },
  );
