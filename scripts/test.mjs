// `npm test`: installs what is missing, then every test this machine can run. See scripts/testing/main.ts.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Skyeye needs Node 20 or newer to run its tests (it brings its own Node 24 for them); this is ${process.version}.`);
  process.exit(1);
}
void import('./setup/test.mjs').then(({ test }) => test(process.argv.slice(2)));
