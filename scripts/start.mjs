// `npm start`: from a fresh clone to a running county, on any Node from 20 on. No import stands above the version
// check, so that an old Node gets the sentence and not a syntax error from somewhere below.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Skyeye needs Node 20 or newer to start (it brings its own Node 24 for the rest); this is ${process.version}.`);
  process.exit(1);
}
void import('./setup/start.mjs').then(({ start }) => start(process.argv.slice(2)));
