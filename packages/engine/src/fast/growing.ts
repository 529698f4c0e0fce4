/** What of WebAssembly is used: memory that becomes longer where it lies. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: { readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => Memory };

const PAGE = 65_536;
const PAGES_MAX = 65_536;
/** Below this size a copy is quicker than a pause can be noticed. */
const LARGE = 4 * 1_024 * 1_024;

/**
 * Bytes that grow: small ones by copying, large ones in place, so that no event waits for a copy of everything. The system
 * gives pages as they are written to. At most 4 GiB; past that growing throws a RangeError. Views are to be made anew.
 */
export class Growing {
  buffer: ArrayBuffer;
  #memory: Memory | undefined;

  constructor(bytes: number) {
    this.buffer = new ArrayBuffer(bytes);
  }

  /** Room for so many bytes; the buffer, old or new, with what was in it. */
  room(bytes: number): ArrayBuffer {
    const { length: now } = new Uint8Array(this.buffer);
    if (bytes <= now) return this.buffer;
    if (this.#memory !== undefined) {
      const wanted = Math.max(bytes, Math.min(now * 1.25, PAGES_MAX * PAGE));
      this.#memory.grow(Math.ceil((wanted - now) / PAGE));
      this.buffer = this.#memory.buffer;
      return this.buffer;
    }
    const before = new Uint8Array(this.buffer);
    const wanted = Math.max(bytes, now * 2);
    if (wanted < LARGE) this.buffer = new ArrayBuffer(wanted);
    else {
      this.#memory = new WebAssembly.Memory({ initial: Math.ceil(wanted / PAGE), maximum: PAGES_MAX });
      this.buffer = this.#memory.buffer;
    }
    new Uint8Array(this.buffer).set(before);
    return this.buffer;
  }
}
