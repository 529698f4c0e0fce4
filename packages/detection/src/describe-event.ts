import type { Bilingual, EvidenceItem, StreamEvent, StreamName, Value } from '@skyeye/contracts';
import { yuanText } from '@skyeye/catalogue';

/** What an analyst may filter by, and the cell of the operator's network: the dispatcher learns from it where the person is. */
const FACTS = ['ev', 'dir', 'cls', 'cat', 'st', 'chan', 'rel', 'np180p', 'stranger', 'peer_kind', 'cli_kind', 'cell'] as const;

/** One event as the time axis shows it: in words, without identifiers beside the counterparty's token. */
export function evidenceOf(event: StreamEvent): EvidenceItem {
  const amount = event['amt'];
  const start = event['start_t'];
  const peer = event['peer'];
  const it = event['it'];
  return {
    eventId: event.id,
    stream: event.stream,
    t: event.t,
    delayMs: typeof it === 'number' && it > 0 ? Math.max(0, Math.round(it - event.t)) : null,
    startMs: event.stream === 'call' && event['answered'] === true && typeof start === 'number' ? start : null,
    says: describeEvent(event),
    peer: typeof peer === 'string' && peer.length > 0 ? peer : null,
    amountFen: typeof amount === 'number' ? Math.max(0, Math.round(amount)) : null,
    facts: Object.fromEntries(FACTS.flatMap((name) => (event[name] == null ? [] : [[name, event[name]]]))),
  };
}

/** The event in one clause. */
export function describeEvent(event: StreamEvent): Bilingual {
  return DESCRIBE[event.stream](event);
}

const both = (zh: string, en: string): Bilingual => ({ zh, en });
const money = (event: StreamEvent): string => (typeof event['amt'] === 'number' ? yuanText(event['amt']) : '');
const minutes = (seconds: Value | undefined): Bilingual => {
  const count = typeof seconds === 'number' ? seconds : 0;
  return count < 60 ? both(`${count}秒`, `${count} s`) : both(`${Math.round(count / 60)}分钟`, `${Math.round(count / 60)} min`);
};

const WHO: Readonly<Record<string, Bilingual>> = {
  kin: both('亲属', 'family'),
  police: both('96110或公安', 'the police'),
  abroad: both('境外陌生号码', 'an unknown number abroad'),
  service: both('95/400号码', 'a 95 or 400 number'),
  virtual: both('虚商号段陌生号码', 'an unknown virtual number'),
  unknown: both('陌生号码', 'an unknown number'),
  known: both('熟悉号码', 'a known number'),
};

function who(event: StreamEvent): Bilingual {
  const kind = event['cli_kind'];
  const name =
    event['rel'] === 'kin' || event['rel'] === 'self'
      ? 'kin'
      : kind === 'police'
        ? 'police'
        : event['np180'] === false
          ? 'known'
          : kind === 'intl' || kind === 'hmt'
            ? 'abroad'
            : kind === 'svc95' || kind === 'svc400'
              ? 'service'
              : kind === 'virtual'
                ? 'virtual'
                : 'unknown';
  return WHO[name] ?? both('陌生号码', 'an unknown number');
}

function call(event: StreamEvent): Bilingual {
  const { zh, en } = who(event);
  const inbound = event['dir'] === 'in';
  if (event['answered'] !== true)
    return inbound ? both(`${zh}来电未接`, `call from ${en} not answered`) : both(`拨打${zh}未接通`, `called ${en}, no answer`);
  const long = minutes(event['dur_s']);
  const altered = event['spoof'] === true ? both('(改号)', ', altered number') : both('', '');
  return inbound
    ? both(`接${zh}来电${long.zh}${altered.zh}`, `${long.en} on a call from ${en}${altered.en}`)
    : both(`拨打${zh},通话${long.zh}`, `called ${en} for ${long.en}`);
}

const SMS: Readonly<Record<string, Bilingual>> = {
  otp: both('收到验证码短信', 'verification code received'),
  bank_notice: both('收到银行动账通知', 'bank notice received'),
  loan_ad: both('收到贷款广告短信', 'loan advertisement received'),
  phish: both('收到钓鱼短信', 'phishing message received'),
  warn12381: both('收到12381预警短信', 'warned by 12381'),
};
const APP_CATEGORY: Readonly<Record<string, Bilingual>> = {
  meeting: both('会议软件', 'a meeting app'),
  remote: both('远程控制软件', 'a remote control app'),
  im_niche: both('小众聊天软件', 'a niche chat app'),
  loan: both('贷款软件', 'a loan app'),
  invest: both('投资软件', 'an investment app'),
  crypto: both('虚拟币软件', 'a coin app'),
  gamble: both('博彩软件', 'a gambling app'),
  task: both('做任务软件', 'a task app'),
  vpn: both('翻墙软件', 'a VPN'),
  antifraud: both('反诈APP', 'the anti-fraud app'),
  bank: both('银行APP', 'a bank app'),
};
const APP_EVENT: Readonly<Record<string, Bilingual>> = {
  download: both('下载', 'downloaded'),
  install: both('安装', 'installed'),
  first_open: both('首次打开', 'first opened'),
  open: both('打开', 'opened'),
  uninstall: both('卸载', 'removed'),
  perm: both('授予权限给', 'granted a permission to'),
};
const IM: Readonly<Record<string, Bilingual>> = {
  add_friend: both('新加好友', 'added a friend'),
  group_join: both('加入群聊', 'joined a group'),
  group_pulled: both('被拉进群聊', 'was pulled into a group'),
  chat_peak: both('高密度聊天', 'busy chat'),
  video_call: both('视频通话', 'video call'),
  live_join: both('进入直播间', 'joined a live room'),
  transfer_req: both('对方要求转账', 'was asked for money'),
  risk_notice: both('平台风险提示', 'risk notice of the platform'),
};
const RCTL: Readonly<Record<string, Bilingual>> = {
  share_start: both('开始共享屏幕', 'screen sharing began'),
  share_stop: both('停止共享屏幕', 'screen sharing ended'),
  remote_start: both('开始远程控制', 'remote control began'),
  remote_stop: both('停止远程控制', 'remote control ended'),
  share_detected: both('银行页面被录屏', 'the bank app was being watched'),
  acc_on: both('打开无障碍服务', 'accessibility service switched on'),
};
const ACCT: Readonly<Record<string, Bilingual>> = {
  open: both('开立账户', 'account opened'),
  login: both('登录网银', 'logged in to the bank'),
  login_fail: both('登录失败', 'login failed'),
  device_bind: both('绑定新设备', 'bound a new device'),
  payee_add: both('添加收款人', 'added a payee'),
  limit_up: both('提高转账限额', 'raised the transfer limit'),
  delay_off: both('关闭延时到账', 'switched delayed arrival off'),
  deposit_break: both('提前支取定期', 'broke a deposit'),
  fund_redeem: both('赎回理财', 'redeemed a fund'),
  pwd_reset: both('重置密码', 'reset the password'),
  phone_change: both('更换预留手机号', 'changed the reserved phone'),
  card_reissue: both('补换卡', 'card reissued'),
  freepwd_on: both('开通免密支付', 'switched payment without password on'),
  nonface_on: both('开通非柜面业务', 'switched remote payment on'),
};
const SHOP: Readonly<Record<string, Bilingual>> = {
  order: both('网购下单', 'online order'),
  pay: both('网购付款', 'paid online'),
  refund_req: both('申请退款', 'asked for a refund'),
  refund_done: both('退款完成', 'refund done'),
  gold_buy: both('购买黄金', 'bought gold'),
  giftcard_buy: both('购买礼品卡', 'bought gift cards'),
  game_buy: both('游戏充值', 'bought game credit'),
  offplatform: both('被引导到站外交易', 'led off the platform'),
};
const named = (table: Readonly<Record<string, Bilingual>>, event: StreamEvent, other: Bilingual): Bilingual =>
  table[String(event['ev'])] ?? other;
const withMoney = (says: Bilingual, event: StreamEvent): Bilingual =>
  both(`${says.zh}${money(event)}`, money(event) === '' ? says.en : `${says.en}, ${money(event)}`);

function payment(event: StreamEvent): Bilingual {
  if (event['dir'] === 'in')
    return both(
      `收到${event['stranger'] === false ? '' : '陌生人'}转入${money(event)}`,
      `received ${money(event)}${event['stranger'] === false ? '' : ' from a stranger'}`,
    );
  const [zh, en] =
    event['rel'] === 'self'
      ? ['本人账户', 'an own account']
      : event['rel'] === 'kin'
        ? ['亲属', 'family']
        : event['np180p'] === true
          ? ['新收款人', 'a new payee']
          : ['收款人', 'a payee'];
  if (event['st'] === 'fail') return both(`向${zh}转${money(event)}未成功`, `${money(event)} to ${en} refused`);
  return event['st'] === 'init'
    ? both(`正向${zh}转${money(event)}`, `${money(event)} to ${en}, pending`)
    : both(`向${zh}转出${money(event)}`, `sent ${money(event)} to ${en}`);
}

const DESCRIBE: Readonly<Record<StreamName, (event: StreamEvent) => Bilingual>> = {
  call,
  callsig: (event) =>
    event['ev'] === 'begin'
      ? both(`与${who(event).zh}通话开始`, `call with ${who(event).en} began`)
      : both(`与${who(event).zh}通话结束`, `call with ${who(event).en} ended`),
  sms: (event) =>
    event['dir'] === 'out'
      ? both('发出短信', 'message sent')
      : (SMS[String(event['cls'])] ??
        (event['has_url'] === true ? both('收到带链接短信', 'message with a link received') : both('收到短信', 'message received'))),
  num: (event) =>
    event['ev'] === 'fwd_on'
      ? both('开启呼叫转移', 'call forwarding switched on')
      : event['ev'] === 'open'
        ? both('新办号码', 'new number opened')
        : both('号码状态变更', 'number changed'),
  goip: () => both('检测到GOIP设备', 'SIM box detected'),
  app: (event) => {
    const what =
      APP_CATEGORY[String(event['cat'])] ??
      (event['store'] === false ? both('非商店软件', 'an app from outside a store') : both('软件', 'an app'));
    const did = named(APP_EVENT, event, both('使用', 'used'));
    return both(`${did.zh}${what.zh}`, `${did.en} ${what.en}`);
  },
  web: (event) => {
    const listed = typeof event['level'] === 'number' && event['level'] >= 1;
    const did = event['submit'] === true ? both('提交信息到', 'entered data on') : both('访问', 'visited');
    return listed ? both(`${did.zh}涉诈网站`, `${did.en} a fraud site`) : both(`${did.zh}可疑网站`, `${did.en} a suspicious site`);
  },
  im: (event) => named(IM, event, both('聊天事件', 'chat event')),
  rctl: (event) => named(RCTL, event, both('屏幕共享事件', 'screen sharing event')),
  bank: payment,
  pay: payment,
  acct: (event) => withMoney(named(ACCT, event, both('账户变更', 'account changed')), event),
  cash: (event) =>
    withMoney(
      event['ev'] === 'deposit'
        ? both('存入现金', 'cash paid in')
        : event['ev'] === 'appoint'
          ? both('预约取现', 'cash reserved')
          : event['chan'] === 'counter'
            ? both('柜面取现', 'cash taken at the counter')
            : both('取现', 'cash taken'),
      event,
    ),
  shop: (event) => withMoney(named(SHOP, event, both('购物事件', 'shop event')), event),
  parcel: (event) =>
    event['ev'] === 'errand'
      ? event['alone'] === true
        ? both('叫车送物,人不跟车', 'goods sent by a ride with nobody aboard')
        : both('叫车送物', 'goods sent by a ride')
      : both('寄递物品', 'parcel sent'),
  loan: (event) =>
    withMoney(event['ev'] === 'disburse' ? both('贷款到账', 'loan paid out') : both('申请贷款', 'applied for a loan'), event),
  intel: () => both('情报或预警记录', 'intelligence or warning'),
  popev: () => both('人口登记变更', 'register changed'),
  loc: (event) =>
    event['poi'] === 'hotel'
      ? both('进入宾馆', 'entered a hotel')
      : event['poi'] === 'bank' || event['poi'] === 'atm'
        ? both('到达银行或取款机', 'came to a bank or cash machine')
        : both('位置更新', 'position'),
};

/** What belongs on the axis before anything has fired: contact with strangers, screens, apps, loans, money that leaves. */
export function isNoteworthy(event: StreamEvent): boolean {
  switch (event.stream) {
    case 'call':
    case 'callsig':
      return event['np180'] === true || event['rel'] === 'kin' || event['cli_kind'] === 'police';
    case 'bank':
    case 'pay':
      return event['dir'] === 'out' && event['stranger'] !== false && event['peer_kind'] !== 'merchant';
    case 'app':
      return event['store'] === false || event['cat'] === 'meeting' || event['cat'] === 'remote' || event['cat'] === 'antifraud';
    case 'sms':
      return event['cls'] === 'otp' || event['cls'] === 'warn12381' || (typeof event['url_level'] === 'number' && event['url_level'] >= 1);
    case 'acct':
      return event['ev'] !== 'login';
    case 'goip':
    case 'popev':
      return false;
    case 'loc':
      // Only phones under an alert and fences report: each report moves the point on the map.
      return true;
    case 'shop':
      return event['ev'] !== 'pay' && event['ev'] !== 'order';
    default:
      return true;
  }
}
