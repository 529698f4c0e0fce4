import { z } from 'zod';
import { HANDLED, route, who, type Route } from '@skyeye/identity';
import { READERS } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { consoleReader } from '../../console-reader.ts';

export const getStream = (context: Context): Route => {
  const readerFor = consoleReader(context);
  return route(
    {
      method: 'GET',
      path: '/api/stream',
      says: 'the live stream; resumes after Last-Event-ID',
      access: READERS,
      perMinute: 60,
      audit: null,
      query: z.object({ after: z.string().optional() }),
    },
    async ({ request, reply, session }) => {
      const { role, unit } = who(session);
      const id = request.sessionId ?? '';
      await context.streams.serve(request, reply, {
        ...readerFor(role === 'station' ? unit : null),
        stillAllowed: async () => (await context.sessions.find(id)) !== undefined,
      });
      return HANDLED;
    },
  );
};
