/** Progress lines of a start: each long step says what it does and how long it took. Steps may run beside each other. */
export class Progress {
  readonly #out: (line: string) => void;
  #open = 0;

  constructor(out: (line: string) => void) {
    this.#out = out;
  }

  async step<T>(text: string, work: () => Promise<T>): Promise<T> {
    const startedMs = performance.now();
    this.#out(`· ${text} …`);
    this.#open++;
    try {
      const result = await work();
      const seconds = (performance.now() - startedMs) / 1000;
      if (seconds >= 1) this.#out(`  ${text}: ${seconds.toFixed(1)} s`);
      return result;
    } finally {
      this.#open--;
    }
  }

  note(text: string): void {
    this.#out(`${this.#open > 0 ? '    ' : '  '}${text}`);
  }
}
