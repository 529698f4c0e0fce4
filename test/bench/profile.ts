import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { countyOf, engineOf, foldMicroseconds } from './engine/county.ts';

/** `node test/bench/profile.ts <file.svg>`: where the time of folding goes, the functions with the most time of their own. Some ten seconds. */
const SHOWN = 25;
const [ROW, WIDTH, LEFT] = [20, 860, 330];
const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('a file is needed');
const { references, events } = countyOf(500, 2, 25_000);
const engine = engineOf(references);
// Compiled first, and there is something to look back at.
foldMicroseconds(engine, events.slice(0, 8_000));
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.start');
foldMicroseconds(engine, events.slice(8_000));
const { profile } = await session.post('Profiler.stop');
const nameOf = new Map(
  profile.nodes.map(({ id, callFrame: { functionName, url } }) => {
    const place = url === '' ? '' : ` ${url.split('/').slice(-2).join('/')}`;
    return [id, `${functionName === '' ? '(anonymous)' : functionName}${place}`];
  }),
);
const times = new Map<string, number>();
profile.samples?.forEach((id, index) => {
  const name = nameOf.get(id) ?? '?';
  if (/^\(idle\)|^\(program\)|node:inspector|bench\/profile/.test(name)) return;
  times.set(name, (times.get(name) ?? 0) + (profile.timeDeltas?.[index] ?? 0));
});
const total = [...times.values()].reduce((sum, time) => sum + time, 0);
const top = [...times].sort((a, b) => b[1] - a[1]).slice(0, SHOWN);
const most = top[0]?.[1] ?? 1;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const bars = top.map(([name, time], index) => {
  const y = 40 + index * ROW;
  const width = ((time / most) * (WIDTH - LEFT - 70)).toFixed(1);
  return `<text x="${LEFT - 8}" y="${y + 12}" text-anchor="end">${escaped(name.slice(0, 52))}</text><rect x="${LEFT}" y="${y}" width="${width}" height="15" fill="#1f5fa8"/><text x="${LEFT + Number(width) + 6}" y="${y + 12}">${((time / total) * 100).toFixed(1)} %</text>`;
});
const height = 50 + top.length * ROW;
writeFileSync(
  target,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">\n<rect width="${WIDTH}" height="${height}" fill="#fff"/>\n<text x="20" y="22" font-size="14">Own time by function, share of all</text>\n${bars.join('\n')}\n</svg>\n`,
);
process.stdout.write(`${top.map(([name, time]) => `${((time / total) * 100).toFixed(1).padStart(5)} %  ${name}`).join('\n')}\n`);
