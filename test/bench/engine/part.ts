import type { Row } from '../row.ts';

export interface PartOptions {
  readonly seconds: number;
  /** Keys in the measurements with many. */
  readonly entities: number;
}

/** Some rows of the engine's benchmark that are measured together. */
export interface Part {
  readonly name: string;
  /** Needs another product, a server or a fetch: left out of runs below a second, which tests make. */
  readonly outside?: boolean;
  run(options: PartOptions): readonly Row[] | Promise<readonly Row[]>;
}
