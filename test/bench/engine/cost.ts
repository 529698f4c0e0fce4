import { loadCatalogue, officialHolidays } from '@skyeye/catalogue';
import { FastEngine, planOf } from '@skyeye/engine';
import { percentile, type Row } from '../row.ts';
import { countyOf, foldMicroseconds } from './county.ts';
import type { Part } from './part.ts';

const EVENTS = 20_000;
const EVENTS_SHORT = 500;
const SHOWN = 10;
const RUNS = 3;

/** What one more feature costs an event: each is evaluated alone, where it shares with nobody, so this is the most it can add. */
export const cost: Part = {
  name: 'cost',
  run({ seconds }) {
    const { references, events: all } = seconds < 1 ? countyOf(100, 1) : countyOf(3_000, 3, 100_000);
    const events = all.slice(0, seconds < 1 ? EVENTS_SHORT : EVENTS);
    const catalogue = loadCatalogue();
    const best = (features: typeof catalogue.features): number => {
      const plan = planOf({ ...catalogue, features });
      let least = Infinity;
      for (let run = 0; run < RUNS; run++) {
        const engine = new FastEngine({ plan, holidays: officialHolidays(), scope: 'all' });
        for (let from = 0; from < references.length; from += 200) engine.learn(references.slice(from, from + 200));
        least = Math.min(least, foldMicroseconds(engine, events));
      }
      return least;
    };
    const wholeUs = best(catalogue.features);
    const silentUs = best(catalogue.features.map((feature) => ({ ...feature, triggers: [] })));
    // The time allowed decides how many are looked at, evenly over the catalogue.
    const stride = seconds < 1 ? 60 : Math.max(1, Math.round(30 / seconds));
    const costs = catalogue.features
      .filter((_, index) => index % stride === 0)
      .map((feature) => {
        const silent = best([{ ...feature, triggers: [] }]);
        return { id: feature.id, us: Math.max(0, best([feature]) - silent) };
      })
      .toSorted((a, b) => b.us - a.us);
    const share = (us: number): number => us / wholeUs;
    return [
      {
        name: `engine: mean share of a feature in the time per event, all ${catalogue.features.length} together`,
        value: (100 * Math.max(0, share(wholeUs - silentUs))) / catalogue.features.length,
        unit: '%',
        ratio: Math.max(0, share(wholeUs - silentUs)) / catalogue.features.length,
        aim: 1,
        less: true,
      },
      {
        name: `engine: one more feature of the time per event, median of ${costs.length}`,
        value:
          share(
            percentile(
              costs.map(({ us }) => us),
              0.5,
            ),
          ) * 100,
        unit: '%',
        ratio: share(
          percentile(
            costs.map(({ us }) => us),
            0.5,
          ),
        ),
        aim: 1,
        less: true,
      },
      ...costs.slice(0, SHOWN).map(({ id, us }): Row => ({
        name: `engine: one more feature, among the dearest: ${id}`,
        value: us * 1_000,
        unit: 'ns/event',
        ratio: share(us),
        aim: wholeUs * 10,
        less: true,
      })),
    ];
  },
};
