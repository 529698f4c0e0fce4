import type { ModelList } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { listModels, modelsSeq, modelSteps } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { modelCountsOf } from '../../models.ts';

export const listModelsRoute = (context: Context): Route =>
  route(
    {
      method: 'GET',
      path: '/api/models',
      says: 'models that decide, watch or were proposed, with their tables and what scorers counted, and every step',
      access: ['analyst', 'leader', 'auditor'],
      perMinute: 60,
      audit: null,
    },
    async (): Promise<ModelList> => {
      const { ledger } = context;
      const [seq, models, steps, scorer] = await Promise.all([
        modelsSeq(ledger),
        listModels(ledger),
        modelSteps(ledger),
        modelCountsOf(context),
      ]);
      return { seq, scorer, models: [...models], steps: [...steps] };
    },
  );
