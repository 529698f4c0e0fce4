import { spawnSync } from 'node:child_process';
import { ROOT } from '../repository.ts';
import { ensurePnpmName } from '../setup/install.mjs';
import { toolEnvironment } from '../setup/machine.mjs';

// `pnpm test:unit` is turbo's cached task; `pnpm test:unit packages/engine` runs a part, always anew.
ensurePnpmName();
const only = process.argv.slice(2);
const [program, ...args] = only.length > 0 ? ['vitest', 'run', ...only] : ['turbo', 'run', 'test:unit:all', '--output-logs=new-only'];
const { status } = spawnSync(program ?? '', args, { cwd: ROOT, stdio: 'inherit', env: { ...toolEnvironment(), SKYEYE_UNIT_ONLY: '1' } });
process.exitCode = status ?? 1;
