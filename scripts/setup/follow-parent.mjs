// Loaded before a program that a start script runs (node --import): ends the program when the script is gone, and
// hands on one signal once.
//
// Why once: Ctrl-C reaches the whole process group, npm sends the signal on, and so does the start script. Three of
// the same within a moment are one wish; a program that takes the second for "now, at once" would never drain.
const parent = Number(process.env['SKYEYE_PARENT_PID']);
delete process.env['SKYEYE_PARENT_PID'];

const LOOK_EVERY_MS = 250;
/** A drain is over within ten seconds by our own rule; what still runs then is stuck. */
const GIVE_UP_MS = 15_000;
const SAME_WISH_MS = 1000;

/** @type {Map<string | symbol, number>} */
const lastMs = new Map();
const emit = process.emit.bind(process);
/** @param {any} name @param {any[]} details */
const emitOnce = (name, ...details) => {
  if (name === 'SIGINT' || name === 'SIGTERM' || name === 'SIGHUP' || name === 'SIGQUIT') {
    const before = lastMs.get(name);
    lastMs.set(name, performance.now());
    if (before !== undefined && performance.now() - before < SAME_WISH_MS) return true;
  }
  return /** @type {any} */ (emit)(name, ...details);
};
process.emit = /** @type {any} */ (emitOnce);

if (Number.isInteger(parent) && parent > 0) {
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), GIVE_UP_MS).unref();
  }, LOOK_EVERY_MS);
  look.unref();
}
