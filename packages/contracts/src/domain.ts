import { z } from 'zod';

/** One internal scale, DOMAIN §1.1: P1 being defrauded now · P2 strong evidence · P3 exposure · P4 weak exposure. */
export const LEVELS = ['P1', 'P2', 'P3', 'P4'] as const;
export const level = z.enum(LEVELS);
export type Level = z.infer<typeof level>;

/** The fourteen scam types, DOMAIN §5. The code is the same in rules, models, database and screens. */
export const SCAMS = {
  brush: { zh: '刷单返利', en: 'Brushing orders' },
  invest: { zh: '虚假投资理财', en: 'Fake investment' },
  svc: { zh: '冒充客服', en: 'Fake customer service' },
  gov: { zh: '冒充公检法', en: 'Fake police or court' },
  loan: { zh: '虚假贷款', en: 'Fake loan' },
  boss: { zh: '冒充领导熟人', en: 'Fake boss or friend' },
  romance: { zh: '杀猪盘', en: 'Romance investment' },
  shopping: { zh: '虚假购物', en: 'Fake shop' },
  credit: { zh: '注销校园贷', en: 'Cancel-your-loan call' },
  game: { zh: '游戏交易', en: 'Game trading' },
  elder: { zh: '养老与AI换脸', en: 'Elder and deepfake' },
  cash_delivery: { zh: '线下取现', en: 'Cash pick-up' },
  mule_ring: { zh: '跑分团伙', en: 'Mule ring' },
  scam_caller: { zh: '诈骗主叫', en: 'Scam caller' },
} as const;
export type Scam = keyof typeof SCAMS;
export const scam = z.enum(Object.keys(SCAMS) as [Scam, ...Scam[]]);

export const LANGUAGES = ['zh', 'en'] as const;
export const bilingual = z.object({ zh: z.string(), en: z.string() });
export type Bilingual = z.infer<typeof bilingual>;

/** County time, epoch ms. */
export const timeMs = z.int().min(0);
/** Money, integer fen. */
export const fen = z.int().min(0);
export const token = z.string().min(1).max(128);

/** Longitude and latitude in degrees (the county's own frame), with the radius in which the person is, and when it was seen. */
export const position = z.object({ lon: z.number(), lat: z.number(), radiusM: z.number().min(0), atMs: timeMs });
export type Position = z.infer<typeof position>;

/** Whom a rule speaks of. */
export const RULE_SUBJECTS = ['person', 'account', 'number', 'device', 'domain'] as const;
export type RuleSubject = (typeof RULE_SUBJECTS)[number];
