import { incident, type Incident, type Level, type ResultCode } from '@skyeye/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useCallback, useMemo } from 'react';
import { ApiError } from '../api/client.ts';
import { api, type CallResult, type FalseAlarmCause } from '../api/routes.ts';
import { useFeed } from '../live/use-feed.tsx';
import { inLanguage, useLanguage } from '../texts/language.tsx';

/** Somebody else was quicker. */
const STALE = 'LEDGER_STALE_VERSION';

interface Acts {
  readonly sign: (row: Incident) => void;
  readonly call: (row: Incident, result: CallResult, note: string) => Promise<boolean>;
  readonly dispatch: (row: Incident, unit: { readonly code: string; readonly name: string }, note: string) => Promise<boolean>;
  readonly level: (row: Incident, level: Level, reason: string) => Promise<boolean>;
  readonly giveBack: (row: Incident, station: { readonly code: string; readonly name: string }, reason: string) => Promise<boolean>;
  readonly close: (row: Incident, result: ResultCode, cause: FalseAlarmCause | null, note: string) => Promise<boolean>;
  readonly review: (
    row: Incident,
    body: {
      readonly result: ResultCode;
      readonly falseAlarmCause: FalseAlarmCause | null;
      readonly appeal: boolean;
      readonly reason: string;
    },
  ) => Promise<boolean>;
  readonly note: (row: Incident, text: string) => Promise<boolean>;
  /** The sentence for a refusal, by what the server answered. */
  readonly explain: (error: unknown) => string;
}

/** Everything a person can do to an incident: sends the version that was seen, says how it ended, loads the page anew. */
export function useActs(): Acts {
  const { message } = App.useApp();
  const queries = useQueryClient();
  const feed = useFeed();
  const { texts, language } = useLanguage();
  const { problems, done, review } = texts;

  const explain = useCallback(
    (error: unknown): string => {
      if (!(error instanceof ApiError) || error.status === 0) return problems.network;
      const said = error.problem === null ? null : inLanguage(error.problem.message, language);
      if (error.status === 401) return problems.gone;
      if (error.status === 409 && error.problem?.code === STALE) return problems.conflict;
      if (error.status === 403) return said ?? problems.forbidden;
      if (error.status >= 500) return problems.server;
      return said === null ? problems.refused : `${problems.refused}:${said}`;
    },
    [problems, language],
  );

  return useMemo(() => {
    const run = async (id: string, act: () => Promise<unknown>, says: string): Promise<boolean> => {
      try {
        const answer = incident.safeParse(await act());
        if (answer.success) feed.put(answer.data);
        void message.success(says);
        return true;
      } catch (error) {
        void message.error(explain(error));
        if (error instanceof ApiError && error.status === 401) await queries.resetQueries({ queryKey: ['me'] });
        return false;
      } finally {
        await queries.invalidateQueries({ queryKey: ['incident', id] });
      }
    };
    return {
      sign: (row) => void run(row.id, () => api.sign(row.id, row.version), done.sign),
      call: (row, result, note) => run(row.id, () => api.call(row.id, { version: row.version, result, note }), done.call),
      dispatch: (row, unit, note) =>
        run(row.id, () => api.dispatch(row.id, { version: row.version, unit: unit.code, note }), done.dispatch(unit.name)),
      level: (row, level, reason) => run(row.id, () => api.level(row.id, { version: row.version, level, reason }), done.level),
      giveBack: (row, station, reason) =>
        run(row.id, () => api.giveBack(row.id, { version: row.version, station: station.code, reason }), done.giveBack(station.name)),
      close: (row, result, cause, note) =>
        run(row.id, () => api.close(row.id, { version: row.version, result, falseAlarmCause: cause, note }), done.close),
      review: (row, body) => run(row.id, () => api.review(row.id, { version: row.version, ...body }), review.done),
      note: (row, text) => run(row.id, () => api.note(row.id, text), done.note),
      explain,
    };
  }, [message, queries, feed, done, review, explain]);
}
