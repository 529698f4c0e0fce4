import { dispatchBody, type Tier } from '@skyeye/contracts';
import { route, who, type Route } from '@skyeye/identity';
import { redactTyped } from '@skyeye/telemetry';
import { dispatchTo } from '@skyeye/ledger';
import { planTiers, TIERS_AT_ONCE, type PlannedTask } from '@skyeye/response';
import { act, DESK, ownIncident } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { incidentParams, unknownUnit } from '../../params.ts';
import { whereaboutsOf } from '../../whereabouts.ts';

const TIER_OF = { station: 'station', officer: 'officer', team: 'officer', grid: 'grid' } as const satisfies Record<string, Tier>;
/** For a tier that the level does not tell by itself. */
const DUE_MS = 3_600_000;

export const dispatchIncident = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/incidents/:id/dispatches',
      says: 'send a unit 派警',
      access: DESK,
      perMinute: 120,
      audit: 'incident_dispatched',
      params: incidentParams,
      body: dispatchBody,
    },
    async ({ params, body, session }) => {
      const { geo, clock, ledger } = context;
      const row = await ownIncident(context, who(session), params.id);
      const unit = geo.units.find(({ code }) => code === body.unit);
      if (unit === undefined) throw unknownUnit();
      const nowMs = clock.nowMs();
      const tier = TIER_OF[unit.kind];
      const { place } = planTiers(geo, { level: row.level, whereabouts: await whereaboutsOf(context, row), nowMs, only: [] });
      const planned: PlannedTask = {
        tier,
        unit: unit.code,
        unitName: unit.name,
        dueMs: nowMs + (TIERS_AT_ONCE[row.level][tier] ?? DUE_MS),
        etaMin: place === null ? null : geo.etaMin(unit, place),
      };
      return act(context, { session, id: params.id, version: body.version }, (input) =>
        dispatchTo(ledger, { ...input, unit: planned, note: redactTyped(body.note) }),
      );
    },
  );
