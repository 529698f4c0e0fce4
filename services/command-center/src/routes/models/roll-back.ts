import { modelParams, modelRollBackBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { rollBackModel } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { actOnModel } from '../../models.ts';

export const rollBackModelRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/models/:model/roll-back',
      says: 'take the promoted model back at once: the one before it decides again, or the release has its own',
      access: ['analyst', 'leader'],
      perMinute: 30,
      audit: 'model_rolled_back',
      params: modelParams,
      body: modelRollBackBody,
    },
    async ({ params, body, session }) => {
      let champion: string | null = null;
      await actOnModel(context, { session, name: params.model, version: '', ...body }, async (act) => {
        champion = await rollBackModel(context.ledger, act);
      });
      return { champion };
    },
  );
