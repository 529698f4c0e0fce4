import { main } from './model/main.ts';

process.exitCode = await main(process.argv.slice(2));
