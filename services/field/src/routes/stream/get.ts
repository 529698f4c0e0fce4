import { z } from 'zod';
import { HANDLED, route, who, type Route } from '@skyeye/identity';
import type { Context } from '../../deps.ts';
import { fieldReader } from '../../field-reader.ts';
import { CREW } from '../../steps.ts';

export const getStream = (context: Context): Route => {
  const readerFor = fieldReader(context);
  return route(
    {
      method: 'GET',
      path: '/api/stream',
      says: "changes of the unit's tasks; resumes after Last-Event-ID",
      access: CREW,
      perMinute: 60,
      audit: null,
      query: z.object({ after: z.string().optional() }),
    },
    async ({ request, reply, session }) => {
      const id = request.sessionId ?? '';
      await context.streams.serve(request, reply, {
        ...readerFor(who(session)),
        stillAllowed: async () => (await context.sessions.find(id)) !== undefined,
      });
      return HANDLED;
    },
  );
};
