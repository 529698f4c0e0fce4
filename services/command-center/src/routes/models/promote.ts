import { modelParams, modelStepBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { promoteModel } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { actOnModel, modelCountsOf } from '../../models.ts';

export const promoteModelRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/models/:model/promote',
      says: 'let the challenger that somebody else proposed decide, after a day of watching',
      access: ['leader'],
      perMinute: 30,
      audit: 'model_champion',
      params: modelParams,
      body: modelStepBody,
    },
    async ({ params, body, session }) => {
      const counted = (await modelCountsOf(context))?.models.find(({ name }) => name === params.model);
      // Counts of another version than the one that is asked for say nothing about it.
      const seen = counted?.challenger === `${params.model}/${body.version}` ? counted.counts : null;
      await actOnModel(context, { session, name: params.model, ...body }, (act) => promoteModel(context.ledger, act, seen));
      return undefined;
    },
  );
