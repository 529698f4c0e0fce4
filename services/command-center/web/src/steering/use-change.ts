import { App } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ApiError } from '../api/client.ts';
import { useActs } from '../incident/use-acts.ts';
import { useTexts } from '../texts/language.tsx';

/** Does an act, says how it ended, and loads anew what it may have changed. True when it was done. */
export function useChange(keys: readonly string[]): (act: () => Promise<unknown>, says: string) => Promise<boolean> {
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { explain } = useActs();
  const { refusals } = useTexts();
  return useCallback(
    async (act, says) => {
      try {
        await act();
        void message.success(says);
        return true;
      } catch (error) {
        const code = error instanceof ApiError ? error.problem?.code : undefined;
        void message.error((code === undefined ? undefined : refusals[code]) ?? explain(error));
        return false;
      } finally {
        await Promise.all(keys.map((key) => queries.invalidateQueries({ queryKey: [key] })));
      }
    },
    [message, queries, explain, refusals, keys],
  );
}
