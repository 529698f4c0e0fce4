import { main } from './rule/main.ts';

process.exitCode = await main(process.argv.slice(2));
