import { useEffect, useState } from 'react';

export interface Here {
  readonly lon: number;
  readonly lat: number;
}

const DEADLINE_MS = 1_200;
const AGE_MAX_MS = 30_000;
/** A place older than this is not where the act was done. */
const LAST_KNOWN_MS = 120_000;

let last: { readonly here: Here; readonly atMs: number } | null = null;
const lastKnown = (): Here | null => (last !== null && Date.now() - last.atMs < LAST_KNOWN_MS ? last.here : null);

/** Where the phone is, the last place known when it does not say in time, or null: an act never waits longer than a second for its place. */
export function whereAmI(): Promise<Here | null> {
  if (!('geolocation' in navigator)) return Promise.resolve(null);
  return new Promise((resolve) => {
    const timer = window.setTimeout(() => resolve(lastKnown()), DEADLINE_MS);
    const done = (here: Here | null): void => {
      window.clearTimeout(timer);
      resolve(here);
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        last = { here: { lon: coords.longitude, lat: coords.latitude }, atMs: Date.now() };
        done(last.here);
      },
      () => done(lastKnown()),
      { enableHighAccuracy: true, timeout: DEADLINE_MS, maximumAge: AGE_MAX_MS },
    );
  });
}

export function useHere(): Here | null {
  const [here, setHere] = useState<Here | null>(null);
  useEffect(() => {
    let wanted = true;
    void whereAmI().then((found) => {
      if (wanted) setHere(found);
    });
    return () => {
      wanted = false;
    };
  }, []);
  return here;
}
