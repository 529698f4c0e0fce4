/** Progress lines of a start: each long step says what it does and how long it took. */
export class Progress {
  readonly #out: (line: string) => void;
  #startedMs = performance.now();
  #open = false;

  constructor(out: (line: string) => void) {
    this.#out = out;
  }

  async step<T>(text: string, work: () => Promise<T>): Promise<T> {
    this.#startedMs = performance.now();
    this.#out(`· ${text} …`);
    this.#open = true;
    const result = await work();
    const seconds = (performance.now() - this.#startedMs) / 1000;
    if (seconds >= 1) this.#out(`  ${text}: ${seconds.toFixed(1)} s`);
    this.#open = false;
    return result;
  }

  note(text: string): void {
    this.#out(`${this.#open ? '    ' : '  '}${text}`);
  }
}
