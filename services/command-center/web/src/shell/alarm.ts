import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { isOpen } from '../queue/order.ts';
import { useFeedState } from '../live/use-feed.tsx';
import { remember, remembered } from './remembered.ts';

interface Alarm {
  readonly muted: boolean;
  readonly toggle: () => void;
}

const KEY = 'skyeye.console.muted';
export const AlarmContext = createContext<Alarm>({ muted: false, toggle: () => undefined });
export const useAlarmState = (): Alarm => useContext(AlarmContext);

/** Sounds twice for every P1 that is new on this screen and not signed; once more would train people to switch it off. */
export function useAlarm(): Alarm {
  const [muted, setMuted] = useState(() => remembered(KEY) === 'yes');
  const { incidents } = useFeedState();
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    const grave = [...incidents.values()].filter((row) => row.level === 'P1' && isOpen(row));
    const before = known.current;
    if (before === null && incidents.size === 0) return;
    known.current = new Set(grave.map((row) => row.id));
    if (before !== null && !muted && grave.some((row) => !before.has(row.id) && row.signedMs === null)) sound();
  }, [incidents, muted]);
  return useMemo(
    () => ({
      muted,
      toggle: () => {
        remember(KEY, muted ? 'no' : 'yes');
        setMuted(!muted);
      },
    }),
    [muted],
  );
}

let context: AudioContext | null = null;

/** Two falling pairs of tones, 0.9 s; made here, so no sound file is loaded. A browser that wants a click first stays silent. */
function sound(): void {
  if (navigator.userActivation !== undefined && !navigator.userActivation.hasBeenActive) return;
  context ??= new AudioContext();
  const start = context.currentTime + 0.02;
  [988, 740, 988, 740].forEach((hertz, index) => {
    if (context === null) return;
    const tone = new OscillatorNode(context, { type: 'triangle', frequency: hertz });
    const gain = new GainNode(context, { gain: 0 });
    const at = start + index * 0.22;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.35, at + 0.02);
    gain.gain.linearRampToValueAtTime(0, at + 0.19);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.2);
  });
}
