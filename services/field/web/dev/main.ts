import { startFixture } from './fixture-server.ts';

/** `node dev/main.ts` beside `vite`: the terminal on invented tasks, with a new one every thirty seconds. */
const fixture = await startFixture({ port: 28_091 });
const timer = setInterval(() => fixture.send(), 30_000);
console.log(`fixture at ${fixture.url}`);
process.on('SIGINT', () => {
  clearInterval(timer);
  void fixture.close();
});
