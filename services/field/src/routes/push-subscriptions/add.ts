import { pushSubscription } from '@skyeye/contracts';
import { HttpProblem, route, who, type Route } from '@skyeye/identity';
import { putSubscription } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { CREW } from '../../steps.ts';

const notPushed = (): HttpProblem =>
  new HttpProblem({
    status: 409,
    code: 'NO_PUSH',
    message: 'this server pushes through no browser service; nothing was kept; the live stream carries the tasks',
  });
const badEndpoint = (): HttpProblem =>
  new HttpProblem({
    status: 400,
    code: 'BAD_ENDPOINT',
    message: 'a push service is reached by https under a public name; nothing was kept',
  });

export const addPushSubscription = ({ ledger, clock, options }: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/push-subscriptions',
      says: "this terminal's address at its browser's push service",
      access: CREW,
      perMinute: 20,
      audit: null,
      body: pushSubscription,
    },
    async ({ body, session }) => {
      const { account, unit, role } = who(session);
      if (options.pushKey === null) throw notPushed();
      // The server will send to this address: it must not be one inside its own network.
      const { protocol, hostname } = new URL(body.endpoint);
      if (protocol !== 'https:' || !/^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$/i.test(hostname)) throw badEndpoint();
      await putSubscription(ledger, { endpoint: body.endpoint, keys: body.keys, account, unit, role, createdMs: clock.nowMs() });
      return undefined;
    },
  );
