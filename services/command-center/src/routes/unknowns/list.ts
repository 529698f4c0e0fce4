import { loadCatalogue } from '@skyeye/catalogue';
import { learningFacts, type UnknownListed } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { ageOf, lastLearningRun, listUnknowns, namesOf, phonesOf, residentsOf } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';

/** Ten days of twenty. */
const SHOWN = 200;

export const listUnknownsRoute = (context: Context): Route =>
  route(
    {
      method: 'GET',
      path: '/api/unknowns',
      says: 'what nobody has a rule for, at most twenty a day, and what the last night learned',
      access: ['analyst', 'leader'],
      perMinute: 60,
      audit: null,
    },
    async () => ({ unknowns: await shown(context), lastRun: await lastRun(context) }),
  );

async function lastRun({ ledger }: Context): Promise<object | null> {
  const run = await lastLearningRun(ledger);
  if (run === null) return null;
  const facts = learningFacts.parse(run.facts);
  const { byId } = loadCatalogue();
  const named = facts.driftedInputs.map((drifted) => {
    // An input with ~ says whether the feature fires at this moment.
    const says = byId.get(drifted.input.replace(/~$/, ''))?.name;
    return says === undefined ? drifted : { ...drifted, says };
  });
  return { atMs: run.atMs, facts: { ...facts, driftedInputs: named } };
}

async function shown({ ledger, vault, clock, geo }: Context): Promise<UnknownListed[]> {
  const { byId } = loadCatalogue();
  const rows = await listUnknowns(ledger, SHOWN);
  const people = [...new Set(rows.map(({ person }) => person))];
  const [residents, phones, names] = await Promise.all([
    residentsOf(ledger, people),
    phonesOf(ledger, people),
    namesOf(
      ledger,
      rows.map(({ decidedBy }) => decidedBy),
    ),
  ]);
  const phoneOf = (person: string): string | undefined => phones.get(person)?.[0];
  const masked = await vault.masked([...people, ...people.flatMap((person) => phoneOf(person) ?? [])]);
  const communities = new Map(geo.county.communities.map(({ code, name }) => [code, name]));
  return rows.map(({ person, features, decidedBy, ...row }) => {
    const resident = residents.get(person);
    const mask = masked.get(person);
    const decidedByName = names.get(decidedBy ?? '');
    return {
      ...row,
      person,
      maskedName: mask?.maskedName ?? mask?.masked ?? '',
      maskedPhone: masked.get(phoneOf(person) ?? '')?.masked ?? null,
      sex: resident?.sex ?? null,
      age: ageOf(resident?.bornYear ?? null, clock.nowMs()),
      communityName: communities.get(resident?.community ?? '') ?? null,
      features: features.map(({ id, share }) => ({ id, share, says: byId.get(id)?.name ?? { zh: id, en: id } })),
      decidedBy,
      ...(decidedByName === undefined ? {} : { decidedByName }),
    };
  });
}
