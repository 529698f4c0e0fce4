import { modelParams, modelStepBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { retireModel } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { actOnModel } from '../../models.ts';

export const retireModelRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/models/:model/retire',
      says: 'end a version that does not decide',
      access: ['analyst', 'leader'],
      perMinute: 30,
      audit: 'model_retired',
      params: modelParams,
      body: modelStepBody,
    },
    async ({ params, body, session }) => {
      await actOnModel(context, { session, name: params.model, ...body }, (act) => retireModel(context.ledger, act));
      return undefined;
    },
  );
