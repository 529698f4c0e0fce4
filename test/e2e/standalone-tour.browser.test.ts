import { afterAll } from 'vitest';
import { freePorts, startCounty, temporaryFolder, type RunningCountyProcess } from '../lib/county.ts';
import { tour, TOUR_COUNTY } from '../lib/tour.ts';

const { seed, residents, speed } = TOUR_COUNTY;
const ARGS = ['--residents', String(residents), '--seed', String(seed), '--speed', String(speed), '--log-level', 'info'];
const folder = temporaryFolder('tour');
let county: RunningCountyProcess | undefined;

afterAll(async () => {
  await county?.kill();
  folder.remove();
});

tour({
  name: 'the whole product in one process',
  pictures: 'e2e',
  async open() {
    county = await startCounty({ folder: folder.path, port: await freePorts(), args: ARGS });
    return county;
  },
});
