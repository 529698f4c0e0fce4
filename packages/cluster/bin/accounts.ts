import { optionTable } from '@skyeye/foundation';
import { clusterOptions, demoLines, valuesOf } from '../src/index.ts';

const { keyFolder } = valuesOf(optionTable({ keyFolder: clusterOptions.keyFolder }), 'accounts');
for (const line of (await demoLines(keyFolder)).all) process.stdout.write(`${line}\n`);
