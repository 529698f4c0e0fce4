import type { County } from '@skyeye/contracts';

const TOWNS = [
  ['t01', '人和街道', 'Renhe', true],
  ['t02', '鱼邱湖街道', 'Yuqiuhu', true],
  ['t03', '汇鑫街道', 'Huixin', true],
  ['t04', '尹集镇', 'Yinji', false],
  ['t05', '梁村镇', 'Liangcun', false],
  ['t06', '清平镇', 'Qingping', false],
  ['t07', '固河镇', 'Guhe', false],
  ['t08', '三十里铺镇', 'Sanshilipu', false],
  ['t09', '琉璃寺镇', 'Liulisi', false],
  ['t10', '赵寨子镇', 'Zhaozhaizi', false],
  ['t11', '姜店镇', 'Jiangdian', false],
  ['t12', '杨屯镇', 'Yangtun', false],
] as const;
const COLUMNS = 4;
const CELL = 0.085;
const ORIGIN = [116.08, 36.72] as const;

/** A corner of the net of towns, moved a little so that no border is straight; the same corner for all that share it. */
function corner(column: number, row: number): [number, number] {
  const wobble = (seed: number): number => (Math.sin(seed * 12.9898) * 43758.5453) % 1;
  const dx = wobble(column * 7 + row * 13 + 1) * 0.022;
  const dy = wobble(column * 17 + row * 5 + 2) * 0.02;
  return [ORIGIN[0] + column * CELL + dx, ORIGIN[1] + row * CELL * 0.82 + dy];
}

const square = (lon: number, lat: number, half: number): [number, number][] => [
  [lon - half, lat - half],
  [lon + half, lat - half],
  [lon + half, lat + half],
  [lon - half, lat + half],
  [lon - half, lat - half],
];

/** A county that does not exist: twelve towns, their stations, eleven teams, a fence around every bank hall. */
export function fixtureCounty(): County {
  const towns = TOWNS.map(([code, name, nameEn, urban], index) => {
    const column = index % COLUMNS;
    const row = Math.floor(index / COLUMNS);
    const ring = [corner(column, row), corner(column + 1, row), corner(column + 1, row + 1), corner(column, row + 1), corner(column, row)];
    const centre: [number, number] = [ORIGIN[0] + (column + 0.5) * CELL, ORIGIN[1] + (row + 0.5) * CELL * 0.82];
    return { code, name, nameEn, urban, border: ring, centre, station: `s${code.slice(1)}` };
  });
  return {
    code: '371526',
    name: { zh: '示范县', en: 'Sample county' },
    towns,
    stations: towns.map(({ code, name, nameEn, centre, station }) => ({
      code: station,
      name: `${name.replace(/街道|镇/, '')}所`,
      nameEn: `${nameEn} station`,
      lon: centre[0] - 0.012,
      lat: centre[1] + 0.011,
      town: code,
    })),
    communities: towns.map(({ code, name, centre }) => ({
      code: `c${code}`,
      name: `${name.replace(/街道|镇/, '')}社区`,
      town: code,
      lon: centre[0] + 0.01,
      lat: centre[1] - 0.008,
      radiusM: 900,
    })),
    grids: towns.map(({ code, centre }) => ({ code: `g${code}`, name: '二网格', community: `c${code}`, lon: centre[0], lat: centre[1] })),
    fences: towns.slice(0, 8).map(({ code, name, centre, station }) => ({
      code: `f${code}`,
      name: `${name}银行网点`,
      kind: 'bank' as const,
      border: square(centre[0] + 0.006, centre[1] + 0.004, 0.006),
      station,
    })),
    teams: towns.slice(0, 11).map(({ nameEn, centre, station }, index) => ({
      code: `r${index + 1}`,
      name: `红袖标${'一二三四五六七八九十'[index] ?? '十一'}队`,
      nameEn: `${nameEn} team`,
      station,
      lon: centre[0] + 0.022,
      lat: centre[1] - 0.018,
      shifts: [{ fromHour: 8, toHour: 20, members: 6 }],
    })),
    banks: [
      {
        code: 'ccb',
        name: '建设银行',
        branches: [{ code: 'ccb-1', name: '人和支行', lon: towns[0]?.centre[0] ?? 0, lat: towns[0]?.centre[1] ?? 0, town: 't01' }],
      },
    ],
    cells: [],
    roads: [
      [
        [116.06, 36.84],
        [116.16, 36.82],
        [116.25, 36.85],
        [116.44, 36.81],
      ],
      [
        [116.24, 36.7],
        [116.235, 36.8],
        [116.26, 36.86],
        [116.25, 36.95],
      ],
    ],
  };
}
