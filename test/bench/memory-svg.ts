export interface MemoryPoint {
  readonly minutes: number;
  readonly rss: number;
  readonly heapUsed: number;
  readonly slabs: number;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [860, 320, 70, 40, 40];
const LINES = [
  ['rss', '#1f5fa8', 'resident'],
  ['heapUsed', '#b3541e', 'heap in use'],
  ['slabs', '#2d7d46', 'slabs'],
] as const;

/** Memory over time as a picture. */
export function memorySvg(points: readonly MemoryPoint[], title: string): string {
  const mostMinutes = Math.max(...points.map(({ minutes }) => minutes), 1e-9);
  const mostBytes = Math.max(...points.map(({ rss }) => rss), 1);
  const x = (minutes: number): string => (LEFT + (minutes / mostMinutes) * (WIDTH - LEFT - 20)).toFixed(1);
  const y = (bytes: number): string => (HEIGHT - BOTTOM - (bytes / mostBytes) * (HEIGHT - BOTTOM - TOP)).toFixed(1);
  const lines = LINES.map(
    ([field, colour, says], index) =>
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map((point) => `${x(point.minutes)},${y(point[field])}`).join(' ')}"/>` +
      `<text x="${LEFT + 10 + index * 110}" y="${TOP - 4}" fill="${colour}">${says}</text>`,
  );
  const marks = [0, 0.5, 1].map(
    (share) =>
      `<text x="${LEFT - 6}" y="${y(share * mostBytes)}" text-anchor="end">${Math.round((share * mostBytes) / 1e6)} MB</text>` +
      `<text x="${x(share * mostMinutes)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${(share * mostMinutes).toFixed(1)} min</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${LEFT}" y="18" font-size="14">${title}</text>
<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - 20}" fill="none" stroke="#888"/>
${[...lines, ...marks].join('\n')}
</svg>
`;
}
