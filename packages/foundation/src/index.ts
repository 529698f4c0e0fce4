export { assert, AssertionError, unreachable } from './assert.ts';
export { AnchoredClock, ManualClock, wallClock, type Clock, type ClockAnchor } from './clock.ts';
export { errorTable, handlingOf, SkyeyeError, type Facts, type Handling } from './errors.ts';
export { nearestWord, optionTable, type OptionEntries, type OptionResult, type OptionSources, type OptionValues } from './options.ts';
