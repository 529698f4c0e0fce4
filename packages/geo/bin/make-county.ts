import { writeFileSync } from 'node:fs';
import { county, type County } from '@skyeye/contracts';

/**
 * Makes data/demo-county.json: an invented county. Towns are the Voronoi cells of seeded centres inside an outer ring, with
 * borders roughened the same way on both sides, so they tile the county. Run once; the result is kept in the repository.
 */
type Point = [number, number];
const TOWNS: readonly (readonly [string, string, boolean, number, number])[] = [
  ['文昌街道', 'Wenchang', true, 0.02, 0.05],
  ['汇源街道', 'Huiyuan', true, 0.16, -0.06],
  ['人和街道', 'Renhe', true, -0.13, -0.08],
  ['杨桥镇', 'Yangqiao', false, -0.1, 0.52],
  ['柳河镇', 'Liuhe', false, 0.4, 0.5],
  ['三官庙镇', 'Sanguanmiao', false, 0.62, 0.1],
  ['尹家集镇', 'Yinjiaji', false, 0.55, -0.38],
  ['固堤镇', 'Gudi', false, 0.15, -0.58],
  ['清屯镇', 'Qingtun', false, -0.3, -0.5],
  ['沙窝镇', 'Shawo', false, -0.66, -0.32],
  ['卢店镇', 'Ludian', false, -0.62, 0.12],
  ['赵官屯镇', 'Zhaoguantun', false, -0.52, 0.5],
];
const CENTRE: Point = [116.24, 36.86];
const HALF: Point = [0.21, 0.175];

let state = 20_260_916;
function chance(): number {
  state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) | 0;
  let x = state;
  x = Math.imul(x ^ (x >>> 12), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}
const between = (low: number, high: number): number => low + (high - low) * chance();
const at = (x: number, y: number): Point => [round(CENTRE[0] + x * HALF[0]), round(CENTRE[1] + y * HALF[1])];
const round = (value: number): number => Math.round(value * 1e5) / 1e5;

const outer: Point[] = Array.from({ length: 22 }, (_, index) => {
  const angle = (index / 22) * Math.PI * 2;
  const radius = between(0.9, 1.02);
  return [Math.cos(angle) * radius, Math.sin(angle) * radius];
});

/** The part of a polygon that lies nearer to `own` than to `other`. */
function nearer(polygon: readonly Point[], own: Point, other: Point): Point[] {
  const side = (p: Point): number =>
    (other[0] - own[0]) * (p[0] - (own[0] + other[0]) / 2) + (other[1] - own[1]) * (p[1] - (own[1] + other[1]) / 2);
  const result: Point[] = [];
  polygon.forEach((from, index) => {
    const to = polygon[(index + 1) % polygon.length] as Point;
    const [a, b] = [side(from), side(to)];
    if (a <= 0) result.push(from);
    if (a < 0 !== b < 0 && a !== 0 && b !== 0)
      result.push([from[0] + ((to[0] - from[0]) * a) / (a - b), from[1] + ((to[1] - from[1]) * a) / (a - b)]);
  });
  return result;
}

/** An edge as a broken line; depends on the unordered pair of ends only, so that both neighbours draw the same. */
function rough(from: Point, to: Point, depth: number): Point[] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (depth === 0 || length < 0.05) return [from];
  const [a, b] = from[0] < to[0] || (from[0] === to[0] && from[1] < to[1]) ? [from, to] : [to, from];
  const hash = Math.sin(a[0] * 127.1 + a[1] * 311.7 + b[0] * 74.7 + b[1] * 191.3) * 43_758.5453;
  const shift = (hash - Math.floor(hash) - 0.5) * 0.16;
  const middle: Point = [(a[0] + b[0]) / 2 - (b[1] - a[1]) * shift, (a[1] + b[1]) / 2 + (b[0] - a[0]) * shift];
  return [...rough(from, middle, depth - 1), ...rough(middle, to, depth - 1)];
}

const fix = (p: Point): Point => [Math.round(p[0] * 1e6) / 1e6, Math.round(p[1] * 1e6) / 1e6];
const cells = TOWNS.map(([, , , x, y]) => {
  let cell: Point[] = outer;
  for (const [, , , ox, oy] of TOWNS) if (ox !== x || oy !== y) cell = nearer(cell, [x, y], [ox, oy]);
  const corners = cell.map(fix).filter((p, index, all) => {
    const next = all[(index + 1) % all.length] as Point;
    return Math.hypot(p[0] - next[0], p[1] - next[1]) > 1e-5;
  });
  const ring = corners.flatMap((p, index) => rough(p, corners[(index + 1) % corners.length] as Point, 4)).map(([px, py]) => at(px, py));
  return [...ring, ring[0] as Point];
});
const contains = (ring: readonly Point[], p: Point): boolean => {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [a, b] = [ring[i] as Point, ring[j] as Point];
    if (a[1] > p[1] !== b[1] > p[1] && p[0] < ((b[0] - a[0]) * (p[1] - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
};
const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

const VILLAGES = ['东', '西', '南', '北', '前', '后'];
const SURNAMES = ['王', '李', '张', '刘', '孙', '马', '郭', '高', '崔', '许', '曹', '邢', '靳', '魏', '丁', '姚', '孟', '申', '郝', '冯'];
const VILLAGE_ENDS = ['庄', '楼', '寨', '屯', '集', '堂', '营', '铺'];
const ESTATES = ['凤栖', '时代', '书香', '滨河', '金泰', '和谐', '文苑', '北湖', '东苑', '锦绣', '康居', '学府', '阳光', '御景', '运河'];
const used = new Set<string>();
function unusedName(make: () => string): string {
  for (;;) {
    const name = make();
    if (used.has(name)) continue;
    used.add(name);
    return name;
  }
}
const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;

const towns: County['towns'] = [];
const stations: County['stations'] = [];
const communities: County['communities'] = [];
const grids: County['grids'] = [];
const fences: County['fences'] = [];
const octagon = (centre: Point, radiusM: number): Point[] =>
  Array.from({ length: 9 }, (_, index) => {
    const angle = ((index % 8) / 8) * Math.PI * 2;
    return [round(centre[0] + (Math.cos(angle) * radiusM) / 89_000), round(centre[1] + (Math.sin(angle) * radiusM) / 111_200)] as Point;
  });

TOWNS.forEach(([name, nameEn, urban, x, y], index) => {
  const ring = cells[index] as Point[];
  const code = urban ? `3715260${pad(index + 1)}` : `3715261${pad(index - 3)}`;
  const station = `ST${pad(index + 1)}`;
  const centre = at(x, y);
  towns.push({ code, name, nameEn: `${nameEn} ${urban ? 'Subdistrict' : 'Town'}`, urban, border: ring, centre, station });
  stations.push({
    code: station,
    name: `${name.replace(/街道|镇/, '')}派出所`,
    nameEn: `${nameEn} Police Station`,
    lon: round(centre[0] + 0.003),
    lat: round(centre[1] - 0.002),
    town: code,
  });
  for (let c = 1; c <= 5; c++) {
    let spot: Point;
    const reach = urban ? 0.1 : 0.3;
    do spot = at(x + between(-reach, reach), y + between(-reach, reach));
    while (!contains(ring, spot));
    const communityName = unusedName(() =>
      urban
        ? `${pick(ESTATES)}社区`
        : c === 1
          ? `${name.replace('镇', '')}街社区`
          : chance() < 0.6
            ? `${pick(VILLAGES)}${pick(SURNAMES)}${pick(VILLAGE_ENDS)}村`
            : `${pick(SURNAMES)}${pick(VILLAGE_ENDS)}村`,
    );
    const community = `C${pad(index + 1)}${pad(c)}`;
    communities.push({ code: community, name: communityName, town: code, lon: spot[0], lat: spot[1], radiusM: urban ? 450 : 900 });
    for (let g = 1; g <= 4; g++) {
      const spread = urban ? 0.003 : 0.006;
      grids.push({
        code: `G${pad(index + 1)}${pad(c)}${g}`,
        name: `${communityName}第${'一二三四'[g - 1]}网格`,
        community,
        lon: round(spot[0] + between(-spread, spread)),
        lat: round(spot[1] + between(-spread, spread)),
      });
    }
  }
});

const BANKS: readonly (readonly [string, string, string, readonly number[]])[] = [
  ['CHRCB', '澄河农商银行', '农商', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ['LXB', '鲁西银行', '鲁西', [0, 1, 2, 4, 6]],
  ['QFB', '齐丰银行', '齐丰', [0, 1, 2, 10]],
  ['HTVB', '恒泰村镇银行', '恒泰', [0, 3, 7, 9]],
];
const spotIn = (index: number, spread: number): Point => {
  const [, , , x, y] = TOWNS[index] as (typeof TOWNS)[number];
  return at(x + between(-spread, spread), y + between(-spread, spread));
};
const fence = (kind: County['fences'][number]['kind'], name: string, centre: Point, radiusM: number, index: number): void => {
  fences.push({ code: `F${pad(fences.length + 1, 3)}`, name, kind, border: octagon(centre, radiusM), station: `ST${pad(index + 1)}` });
};
const banks: County['banks'] = BANKS.map(([code, name, short, where]) => ({
  code,
  name,
  branches: where.map((index, n) => {
    const spot = spotIn(index, 0.05);
    const town = (TOWNS[index] as (typeof TOWNS)[number])[0].replace(/街道|镇/, '');
    fence('bank', `${short}${town}支行营业厅`, spot, 70, index);
    if (n % 2 === 0) fence('atm', `${short}${town}自助银行`, [round(spot[0] + 0.004), round(spot[1] + 0.003)], 50, index);
    return {
      code: `${code}${pad(n + 1)}`,
      name: `${name}${town}支行`,
      lon: spot[0],
      lat: spot[1],
      town: (towns[index] as County['towns'][number]).code,
    };
  }),
}));
[
  ['澄河宾馆', 0],
  ['汇源快捷酒店', 1],
  ['人和商务宾馆', 2],
  ['平安旅社', 4],
  ['沙窝客栈', 9],
].forEach(([name, index]) => fence('hotel', String(name), spotIn(Number(index), 0.06), 90, Number(index)));
fence('station', '澄河汽车总站', spotIn(1, 0.06), 180, 1);
[0, 1, 3, 6].forEach((index) =>
  fence('post', `${(TOWNS[index] as (typeof TOWNS)[number])[0].replace(/街道|镇/, '')}寄递网点`, spotIn(index, 0.06), 80, index),
);

const teams: County['teams'] = Array.from({ length: 11 }, (_, n) => {
  const spot = spotIn(n, 0.07);
  const shifts =
    n < 3
      ? [
          { fromHour: 7, toHour: 15, members: 4 },
          { fromHour: 15, toHour: 22, members: 4 },
        ]
      : [{ fromHour: 8, toHour: 18, members: 3 }];
  return {
    code: `RT${pad(n + 1)}`,
    name: `红袖标${'一二三四五六七八九十'[n] ?? '十一'}队`,
    nameEn: `Red-armband Team ${n + 1}`,
    station: `ST${pad(n + 1)}`,
    lon: spot[0],
    lat: spot[1],
    shifts,
  };
});

const cellTowers: County['cells'] = towns.flatMap((town, index) =>
  Array.from({ length: town.urban ? 14 : 8 }, (_, n) => {
    let spot: Point;
    do
      spot = at(
        (TOWNS[index] as (typeof TOWNS)[number])[3] + between(-0.4, 0.4),
        (TOWNS[index] as (typeof TOWNS)[number])[4] + between(-0.4, 0.4),
      );
    while (!contains(town.border as Point[], spot));
    return { code: `3715-${pad(index + 1)}${pad(n + 1)}`, lon: spot[0], lat: spot[1], radiusM: town.urban ? 400 : 1800 };
  }),
);

const road = (a: number, b: number): Point[] => {
  const [p, q] = [TOWNS[a], TOWNS[b]] as [(typeof TOWNS)[number], (typeof TOWNS)[number]];
  return [...rough([p[3], p[4]], [q[3], q[4]], 3), [q[3], q[4]] as Point].map(([x, y]) => at(x, y));
};
const LINKS = [
  [0, 1],
  [0, 2],
  [0, 3],
  [0, 4],
  [1, 5],
  [1, 6],
  [1, 7],
  [2, 8],
  [2, 10],
  [8, 9],
  [9, 10],
  [10, 11],
  [11, 3],
  [3, 4],
  [4, 5],
  [5, 6],
  [6, 7],
  [7, 8],
];

const made = county.parse({
  code: '371526',
  name: { zh: '澄河县', en: 'Chenghe County' },
  towns,
  stations,
  communities,
  grids,
  fences,
  teams,
  banks,
  cells: cellTowers,
  roads: LINKS.map(([a, b]) => road(Number(a), Number(b))),
});
const lines = Object.entries(made).map(([key, value]) =>
  Array.isArray(value)
    ? `  ${JSON.stringify(key)}: [\n${value.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]`
    : `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
);
writeFileSync(new URL('../data/demo-county.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
