import { county, type County } from '@skyeye/contracts';
import data from '../data/demo-county.json' with { type: 'json' };

/** 澄河县, an invented county of 12 towns: what the simulator lives in and what a demonstration shows. Made by bin/make-county.ts. */
export const demoCounty: County = county.parse(data);
