import { call } from './call.ts';
import { callsig } from './callsig.ts';
import { sms } from './sms.ts';
import { num } from './num.ts';
import { goip } from './goip.ts';
import { app } from './app.ts';
import { web } from './web.ts';
import { im } from './im.ts';
import { rctl } from './rctl.ts';
import { bank } from './bank.ts';
import { pay } from './pay.ts';
import { acct } from './acct.ts';
import { cash } from './cash.ts';
import { shop } from './shop.ts';
import { parcel } from './parcel.ts';
import { loan } from './loan.ts';
import { intel } from './intel.ts';
import { popev } from './popev.ts';
import { loc } from './loc.ts';
import type { SourceEntry, StreamName } from '../source.ts';

/** All streams, in the order of DOMAIN annex A. */
export const SOURCES: Readonly<Record<StreamName, SourceEntry>> = {
  call,
  callsig,
  sms,
  num,
  goip,
  app,
  web,
  im,
  rctl,
  bank,
  pay,
  acct,
  cash,
  shop,
  parcel,
  loan,
  intel,
  popev,
  loc,
};
