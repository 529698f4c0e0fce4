import { gridTaskFor, talkTrackFor } from '@skyeye/catalogue';
import type { County } from '@skyeye/contracts';
import { distanceM, type Place } from '@skyeye/geo';
import type { Session } from '@skyeye/identity';
import type { ClearPerson, FieldContext } from '@skyeye/ledger';
import type { FieldDeps } from './deps.ts';

/** A person shown in clear to the one who accepted is asked of the vault, and written to the audit, once in this time (wall). */
const CLEAR_MS = 10 * 60_000;
const CLEAR_MAX = 1_000;
/** Banks, hotels and post offices farther away are no place to look first. */
const ALTERNATIVE_MAX_M = 5_000;

/** How tasks look to a person: masked until they accepted, then in clear with a trace. */
export function createView({
  clock,
  wallNowMs,
  vault,
  county,
}: Pick<FieldDeps, 'clock' | 'wallNowMs' | 'vault' | 'county'>): (session: Session) => FieldContext {
  const communities = new Map(county.communities.map(({ code, name, town }) => [code, { name, town }]));
  const places = county.fences.map((fence) => ({ name: fence.name, ...centreOf(fence) }));
  const shown = new Map<string, { readonly person: ClearPerson | null; readonly untilMs: number }>();

  return ({ account, role, unit }) => ({
    viewer: { account, role, units: unit === null ? [] : [unit] },
    masked: (tokens) => vault.masked(tokens),
    community: (code) => communities.get(code) ?? null,
    nowMs: clock.nowMs(),
    talkTrack: (scam) => talkTrackFor(scam),
    gridTask: (scam) => gridTaskFor(scam).task,
    alternatives: (place) =>
      places
        .map(({ name, ...at }) => ({ name, distanceM: Math.round(distanceM(place, at)) }))
        .filter((near) => near.distanceM <= ALTERNATIVE_MAX_M)
        .toSorted((a, b) => a.distanceM - b.distanceM)
        .slice(0, 2),
    async clear({ person, phone, taskId }) {
      const key = `${account} ${taskId}`;
      const known = shown.get(key);
      if (known !== undefined && known.untilMs > wallNowMs()) return known.person;
      const clear = await vault.reveal([person, ...(phone === null ? [] : [phone])], {
        by: account,
        purpose: '接单后上门劝阻',
        incidentId: taskId,
      });
      const found = clear.get(person);
      const number = phone === null ? undefined : clear.get(phone)?.clear;
      const entry =
        found === undefined && number === undefined
          ? null
          : { name: found?.name ?? '', phone: number ?? null, address: found?.address ?? null };
      shown.delete(key);
      shown.set(key, { person: entry, untilMs: wallNowMs() + CLEAR_MS });
      const oldest = shown.size > CLEAR_MAX ? shown.keys().next() : undefined;
      if (oldest?.done === false) shown.delete(oldest.value);
      return entry;
    },
  });
}

function centreOf({ border }: County['fences'][number]): Place {
  const sum = border.reduce((total, [lon, lat]) => ({ lon: total.lon + lon, lat: total.lat + lat }), { lon: 0, lat: 0 });
  return { lon: sum.lon / border.length, lat: sum.lat / border.length };
}
