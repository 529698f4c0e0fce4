import { startFixture } from './fixture-server.ts';

/** `node dev/main.ts` beside `vite`: the console on invented data, with a new alert every twenty seconds. */
const fixture = await startFixture({ port: 28_090 });
const timer = setInterval(() => fixture.alert('P1'), 20_000);
console.log(`fixture at ${fixture.url}`);
process.on('SIGINT', () => {
  clearInterval(timer);
  void fixture.close();
});
