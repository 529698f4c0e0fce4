import type { Reference, StreamEvent } from '@skyeye/contracts';
import type { Coverage, Dimensions, HolidayTable } from '@skyeye/language';
import type { Contacts } from './contacts.ts';
import type { Dictionary } from './dictionary.ts';
import type { Shape } from './layout.ts';
import type { Registry } from './registry.ts';
import type { SketchRecord } from './sketch.ts';
import type { Slabs } from './slabs.ts';

/** What an engine holds, for explanations, exports and statistics, which read it and change nothing. */
export interface Held {
  readonly shape: Shape;
  readonly dictionary: Dictionary;
  /** They are replaced when old events are forgotten. */
  readonly slabs: () => Slabs;
  readonly registry: Registry;
  readonly contacts: Contacts;
  readonly references: readonly Reference[];
  /** What is folded of keys past their cap. */
  readonly folded: () => Iterable<SketchRecord>;
  /** Newest event time by lane and stream. */
  readonly watermarks: () => Readonly<Record<string, number>>;
  readonly read: (row: number) => StreamEvent;
  readonly isCovered: Coverage;
  readonly dims: Dimensions;
  readonly holidays: HolidayTable;
}
