import type { SubjectList, SubjectRowView } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { listSubjects, nameIn, type SubjectRow } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';

const SHOWN_MS = 3 * 86_400_000;
/** Residents beside one subject that are named. */
const NAMED_MAX = 5;

export const listSubjectsRoute = ({ ledger, clock, views }: Context): Route =>
  route(
    {
      method: 'GET',
      path: '/api/subjects',
      says: 'accounts and numbers that are held to work for scammers, with what follows and what waits for a person',
      access: ['analyst', 'leader'],
      perMinute: 120,
      audit: null,
    },
    async (): Promise<SubjectList> => {
      const rows = await listSubjects(ledger, { sinceMs: clock.nowMs() - SHOWN_MS });
      const tokens = new Set(rows.flatMap((row) => [row.key, ...personsOf(row)]));
      const shown = await views.masked([...tokens]);
      return { subjects: rows.map((row) => viewOf(row, (token) => nameIn(shown, token))) };
    },
  );

const personsOf = ({ body }: SubjectRow): string[] =>
  [...new Set(body.counterparts.flatMap(({ person }) => person ?? []))].slice(0, NAMED_MAX);

function viewOf(row: SubjectRow, name: (token: string) => string): SubjectRowView {
  const { body } = row;
  return {
    id: row.id,
    kind: row.kind,
    masked: name(row.key),
    level: row.level,
    score: row.score,
    sinceMs: row.sinceMs,
    updatedMs: row.updatedMs,
    reasons: body.reasons.map(({ says }) => says),
    rules: (body.rules ?? []).map(({ says }) => says),
    actions: body.actions,
    counterparts: body.counterparts.length,
    residents: personsOf(row).map(name),
    amountFen: body.counterparts.reduce((sum, { amountFen }) => sum + (amountFen ?? 0), 0),
    change: body.change === undefined ? null : { kind: body.change.kind, because: body.change.because },
    scoredBy: body.scoredBy,
    draft:
      row.draft === null || row.draftState === null
        ? null
        : { kind: row.draft, state: row.draftState, by: row.decidedBy, atMs: row.decidedMs, reason: row.decidedReason },
  };
}
