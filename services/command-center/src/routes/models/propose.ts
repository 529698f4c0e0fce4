import { proposeModelBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { proposeModel } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { actOnModel } from '../../models.ts';

export const proposeModelRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/models',
      says: 'keep a version of a model with the table of its backtest beside what is live',
      access: ['analyst', 'leader'],
      perMinute: 30,
      audit: 'model_proposed',
      body: proposeModelBody,
    },
    async ({ body: { digest, table, ...body }, session }) => {
      await actOnModel(context, { session, ...body }, (act) => proposeModel(context.ledger, { ...act, digest, table }));
      return undefined;
    },
  );
