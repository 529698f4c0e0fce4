import type { Random } from './random.ts';

const SURNAMES =
  '王李张刘陈杨孙赵周吴徐马朱胡林郭何高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤靳邢申';
const MALE = '伟强磊军勇杰涛超明刚平辉鹏飞斌建国志文海峰波林宁亮成龙旭东凯瑞浩宇晨阳俊博皓轩铭泽坤振华庆荣富贵德全福顺长有金生玉春';
const FEMALE = '芳娜敏静丽艳娟霞秀英兰玲桂红梅燕萍莉慧琴云洁雪倩婷颖欣怡佳琪雨涵梓萱思彤淑珍凤菊爱香翠巧莲月秋荷';
const OLD_MALE = '建国志强德全福顺长生玉春永和庆荣宝山金贵文海学义振华明山广才茂林传友';
const OLD_FEMALE = '秀英桂兰玉珍凤英淑芳桂英秀兰玉兰爱香翠莲月娥素珍春花秀芝金凤';

const at = (text: string, random: Random): string => text[Math.floor(random.next() * text.length)] ?? '';
/** Two characters that stand together in the list. */
const pair = (text: string, random: Random): string => {
  const index = Math.floor(random.next() * (text.length / 2)) * 2;
  return text.slice(index, index + 2);
};

/** Surnames by their frequency: the first ones cover almost half of the people. */
export function surname(random: Random): string {
  const u = random.next();
  return SURNAMES[Math.floor(u * u * SURNAMES.length)] ?? '王';
}

export function givenName(random: Random, sex: 'm' | 'f', bornYear: number): string {
  if (bornYear < 1965)
    return random.chance(0.8) ? pair(sex === 'm' ? OLD_MALE : OLD_FEMALE, random) : at(sex === 'm' ? MALE : FEMALE, random);
  const characters = sex === 'm' ? MALE : FEMALE;
  if (random.chance(bornYear < 1995 ? 0.35 : 0.2)) return at(characters, random);
  return at(characters, random) + at(characters, random);
}

const STREETS = ['人民路', '文昌路', '滨河路', '鼓楼街', '建设路', '东兴街', '汇源路', '金柳路', '学府路', '光明街'];

/** An address of the community: a flat in town, a house number in a village. */
export function address(random: Random, place: { town: string; community: string; urban: boolean }): string {
  return place.urban
    ? `澄河县${place.town}${random.pick(STREETS)}${random.int(1, 168)}号${place.community.replace('社区', '')}小区${random.int(1, 28)}号楼${random.int(1, 4)}单元${random.int(1, 17)}0${random.int(1, 4)}室`
    : `澄河县${place.town}${place.community}${random.int(1, 260)}号`;
}

const FIRM_HEADS = ['澄河', '鲁西', '润泽', '宏泰', '金柳', '恒丰', '聚鑫', '广源', '天成', '永兴', '瑞祥', '东盛'];
const FIRM_KINDS = ['纺织', '食品', '机械', '建材', '化工', '物流', '包装', '农业', '商贸', '汽配'];
export const firmName = (random: Random): string => `${random.pick(FIRM_HEADS)}${random.pick(FIRM_KINDS)}有限公司`;
