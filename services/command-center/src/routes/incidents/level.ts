import { levelBody } from '@skyeye/contracts';
import { route, who, type Route } from '@skyeye/identity';
import { redactTyped } from '@skyeye/telemetry';
import { changeLevel } from '@skyeye/ledger';
import { planTiers } from '@skyeye/response';
import { act, ownIncident } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { incidentParams } from '../../params.ts';
import { whereaboutsOf } from '../../whereabouts.ts';

export const levelIncident = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/incidents/:id/level',
      says: 'raise or lower the level with a reason',
      access: ['analyst', 'leader'],
      perMinute: 60,
      audit: 'level_changed',
      params: incidentParams,
      body: levelBody,
    },
    async ({ params, body, session }) => {
      const row = await ownIncident(context, who(session), params.id);
      // A raised level tells the tiers that the lower one did not; units that have the task are not asked twice.
      const raised = body.level < row.level;
      const plan = raised
        ? {
            plan: planTiers(context.geo, {
              level: body.level,
              whereabouts: await whereaboutsOf(context, row),
              nowMs: context.clock.nowMs(),
            }),
          }
        : {};
      return act(context, { session, id: params.id, version: body.version }, (input) =>
        changeLevel(context.ledger, { ...input, level: body.level, reason: redactTyped(body.reason), ...plan }),
      );
    },
  );
