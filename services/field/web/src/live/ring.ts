let context: AudioContext | null = null;

/** Shakes the phone and plays three rising tones. Without a touch before, browsers allow neither; then it stays silent. */
export function ring(): void {
  if (navigator.userActivation !== undefined && !navigator.userActivation.hasBeenActive) return;
  if ('vibrate' in navigator) navigator.vibrate([300, 120, 300, 120, 600]);
  context ??= new AudioContext();
  const start = context.currentTime + 0.02;
  for (const [index, hertz] of [660, 880, 1100].entries()) {
    const tone = new OscillatorNode(context, { type: 'triangle', frequency: hertz });
    const gain = new GainNode(context, { gain: 0 });
    const at = start + index * 0.2;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.4, at + 0.02);
    gain.gain.linearRampToValueAtTime(0, at + 0.18);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.2);
  }
}
