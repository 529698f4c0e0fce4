import { composeSecrets } from '../src/index.ts';

// node packages/cluster/bin/compose-env.ts > docker/.env
process.stdout.write(composeSecrets());
