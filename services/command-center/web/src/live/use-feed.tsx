import type { Me } from '@skyeye/contracts';
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { countyNow } from './county-clock.ts';
import { Feed, type Connection } from './feed.ts';
import type { FeedState } from './feed-state.ts';
import { Ticker } from './ticker.ts';

interface Live {
  readonly feed: Feed;
  readonly me: Me;
  readonly meReceivedMs: number;
}

const Context = createContext<Live | null>(null);
const ticker = new Ticker();

/** Opens the stream for as long as somebody is signed in who may see incidents. */
export function LiveProvider({
  me,
  listens,
  children,
}: {
  readonly me: Me;
  readonly listens: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const live = useMemo(() => ({ feed: new Feed(), me, meReceivedMs: Date.now() }), [me]);
  useEffect(() => (listens ? live.feed.start() : undefined), [live, listens]);
  return <Context.Provider value={live}>{children}</Context.Provider>;
}

function useLive(): Live {
  const live = useContext(Context);
  if (live === null) throw new Error('live data outside LiveProvider');
  return live;
}

export const useMe = (): Me => useLive().me;
export const useFeed = (): Feed => useLive().feed;

/** What there is to see. A station's room has no longer what went to another station. */
export function useFeedState(): FeedState {
  const { feed, me } = useLive();
  const state = useSyncExternalStore(feed.subscribe, feed.getState);
  return useMemo(() => {
    if (me.role !== 'station') return state;
    return { ...state, incidents: new Map([...state.incidents].filter(([, { station }]) => station === me.unit)) };
  }, [state, me]);
}

export function useConnection(): Connection {
  const { feed } = useLive();
  return useSyncExternalStore(feed.subscribe, feed.getConnection);
}

/** County time, renewed twice a second: every countdown on the screen turns over in the same frame. */
export function useCountyNow(): number {
  const { feed, me, meReceivedMs } = useLive();
  const nowMs = useSyncExternalStore(ticker.subscribe, ticker.get);
  const { clock, clockReceivedMs } = feed.getState();
  return clock === null ? countyNow(me.clock, meReceivedMs, nowMs) : countyNow(clock, clockReceivedMs, nowMs);
}

/** Wall time, for how long a line is down. */
export const useWallNow = (): number => useSyncExternalStore(ticker.subscribe, ticker.get);
