/** How often a running step says on a log (not a terminal) that it still runs. */
const LOG_EVERY_MS = 15_000;

/**
 * Shows one line while a long step runs: rewritten in place on a terminal, repeated now and then in a log.
 * @template T
 * @param {string} title
 * @param {(detail: (text: string) => void) => Promise<T>} run gets a function that sets what stands after the title
 * @returns {Promise<T>}
 */
export async function withProgress(title, run) {
  const startedMs = Date.now();
  const terminal = process.stderr.isTTY === true;
  let detail = '';
  const line = () => `  ${title} … ${Math.round((Date.now() - startedMs) / 1000)} s${detail === '' ? '' : `  ${detail}`}`;
  const show = () => process.stderr.write(terminal ? `\r\u001B[K${line().slice(0, (process.stderr.columns ?? 80) - 1)}` : `${line()}\n`);
  show();
  const timer = setInterval(show, terminal ? 250 : LOG_EVERY_MS);
  try {
    const result = await run((text) => {
      detail = text.trim();
    });
    process.stderr.write(`${terminal ? '\r\u001B[K' : ''}  ${title}: done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    if (terminal) process.stderr.write('\n');
    throw error;
  } finally {
    clearInterval(timer);
  }
}
