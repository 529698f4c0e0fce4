import { main } from './feature/main.ts';

process.exitCode = await main(process.argv.slice(2));
