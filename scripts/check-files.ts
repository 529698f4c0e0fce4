import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitViolations, fileViolations } from './file-rules.ts';
import { commitMessages, keptFiles, ROOT } from './repository.ts';

/** Read as text; pictures and model weights are not. The lockfile and test data are written by programs. */
const TEXT = /\.(?:ts|tsx|mjs|js|json|md|ya?ml|sh|py|css|html|svg|sql|xml|toml|properties)$|(?:^|\/)(?:run|Dockerfile|\.[a-z]+)$/;
const NOT_READ = /^pnpm-lock\.yaml$|\/golden\/|\/data\//;

const sources = keptFiles()
  .filter((path) => TEXT.test(path) && !NOT_READ.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
const commits = commitMessages();
const mistakes = [...fileViolations(sources), ...commitViolations(commits)];
for (const mistake of mistakes) console.error(mistake);
console.log(`${sources.length} files and ${commits.length} commit messages, ${mistakes.length} to mend`);
process.exitCode = mistakes.length > 0 ? 1 : 0;
