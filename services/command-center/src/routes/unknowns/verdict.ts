import { unknownParams, unknownVerdictBody } from '@skyeye/contracts';
import { SkyeyeError } from '@skyeye/foundation';
import { HttpProblem, problems, route, who, type Route } from '@skyeye/identity';
import { decideUnknown } from '@skyeye/ledger';
import { redactTyped } from '@skyeye/telemetry';
import type { Context } from '../../deps.ts';

export const decideUnknownRoute = ({ ledger, clock }: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/unknowns/:day/:rank/verdict',
      says: 'what an analyst makes of a line of the list',
      access: ['analyst', 'leader'],
      perMinute: 60,
      audit: 'unknown_decided',
      params: unknownParams,
      body: unknownVerdictBody,
    },
    async ({ params, body, session }) => {
      const by = who(session).account;
      try {
        await decideUnknown(ledger, { ...params, verdict: body.verdict, note: redactTyped(body.note), by, nowMs: clock.nowMs() });
      } catch (error) {
        if (!(error instanceof SkyeyeError) || error.handling !== 'refuse') throw error;
        if (error.code === 'LEDGER_NOT_FOUND') throw problems.notFound();
        throw new HttpProblem({ status: 409, code: error.code, message: `${error.message}; nothing was changed`, cause: error });
      }
      return undefined;
    },
  );
