/**
 * Writes `packages/contracts/generated/openapi/<service>.json` from the route tables of the services: OpenAPI 3.1. It stands
 * here and not in contracts, which knows no service. With --check it compares, says what is stale, and exits 1.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepFiles } from '../packages/contracts/bin/keep-files.ts';
import { openApiOf } from './openapi/document.ts';
import { SERVICES } from './openapi/services.ts';
import { ROOT } from './repository.ts';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const files = Object.fromEntries(
  SERVICES.map((service) => [`openapi/${service.file}.json`, `${JSON.stringify(openApiOf(service, version), null, 2)}\n`]),
);
process.exitCode = keepFiles({
  root: join(ROOT, 'packages/contracts/generated'),
  folders: ['openapi'],
  files,
  checkOnly: process.argv.includes('--check'),
});
