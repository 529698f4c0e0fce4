import type { Benchmark, Row } from '../row.ts';
import { busy } from './busy.ts';
import { cost } from './cost.ts';
import { esper } from './esper.ts';
import { flink } from './flink.ts';
import { history } from './history.ts';
import { live } from './live.ts';
import { many } from './many.ts';
import type { Part } from './part.ts';
import { pauses } from './pauses.ts';
import { redis } from './redis.ts';
import { vector } from './vector.ts';

const PARTS: readonly Part[] = [vector, busy, history, many, pauses, live, cost, redis, esper, flink];
const ENTITIES = 200_000;

export const engine: Benchmark = {
  name: 'engine',
  needs: [],
  says: 'the whole catalogue in process on one core, and 80 features of it beside Redis, Esper and Flink',
  parts: PARTS.map(({ name }) => name),
  async run({ seconds, only, entities = ENTITIES, row }): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (const part of PARTS) {
      if (only === undefined ? part.outside === true && seconds < 1 : only !== part.name) continue;
      for (const measured of await part.run({ seconds, entities })) {
        rows.push(measured);
        row?.(measured);
      }
    }
    return rows;
  },
};
