import { route, who, type Route } from '@skyeye/identity';
import { feedSeq } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { places } from '../../field-reader.ts';
import { CREW } from '../../steps.ts';
import { tasksFor } from '../../tasks.ts';

export const listTasks = (context: Context): Route =>
  route(
    { method: 'GET', path: '/api/tasks', says: "tasks of the person's own unit", access: CREW, perMinute: 120, audit: null },
    async ({ session }) => {
      // Before the tasks: what changes in between is told again by the stream.
      const seq = places.after(await feedSeq(context.ledger));
      return { tasks: await tasksFor(context, who(session)), feedSeq: seq };
    },
  );
