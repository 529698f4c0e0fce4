/**
 * What people read when something is refused, in Chinese first: officers and analysts see these sentences as they are.
 * Codes without an entry are for programs and stay in English.
 */
const ZH: Readonly<Record<string, string>> = {
  NOT_FOUND: '未找到,内容未改动',
  NOT_SIGNED_IN: '登录已失效,内容未改动,请重新登录后再试',
  NOT_ALLOWED: '您的岗位无此权限,内容未改动,请联系值班长',
  OTHER_SITE: '请求来自其他网站,已拒绝,内容未改动',
  INVALID: '填写内容不符合要求,未保存,请核对后重试',
  TOO_MANY: '操作过于频繁,内容未改动,请稍后再试',
  UNAVAILABLE: '系统部分服务暂不可用,请原样重试一次',
  INTERNAL: '系统出错,已记录,请联系运维',
  POSITION_LOST: '实时消息已中断过久,请刷新列表',
  UNKNOWN_UNIT: '本县没有该单位,未改动,请从列表中选择',
  UNMASK_LIMIT: '今日查看身份信息已满20次,未显示,请联系值班长',
  NOT_WHOLE: '该记录过大,仅保留了开头,未重放,请提供方重新发送',
  NOT_RAW: '该记录不是数据源原始记录,未重放',
  NO_PUSH: '本系统未启用浏览器推送,任务由在线消息送达',
  BAD_ENDPOINT: '推送地址无效,未保存',
  LEDGER_STALE_VERSION: '工单已被他人更新,本次未改动,请看最新情况后再操作',
  LEDGER_ID_REUSED: '同一编号此前已提交过不同内容,本次未改动',
  LEDGER_REPLAYED_BEFORE: '该记录此前已重新送入,本次未送;若再次被拒,会作为新记录进入隔离区,可送新记录',
  LEDGER_REVIEW_OWN: '复核须由未登记该结果的人进行,未改动',
  LEDGER_NOT_RESULTED: '该工单尚无登记结果,无可复核,未改动',
  LEDGER_DECIDED_BEFORE: '该条已有人研判,未改动,请刷新列表',
  LEDGER_NOT_FOUND: '未找到,内容未改动',
  LEDGER_NOT_YOURS: '该任务属于其他单位,内容未改动',
  LEDGER_TEXT_REFUSED: '文字中含有无法保存的字符,未保存',
  RESPONSE_STEP_NOT_ALLOWED: '工单当前状态不能进行此操作,内容未改动',
  RESPONSE_MEETING_REQUIRED: '紧急、高危工单须见到本人后才能结案,未结案',
  RESPONSE_RESULT_REQUIRED: '请选择劝阻结果,未保存',
  RESPONSE_CAUSE_REQUIRED: '误报须选择原因,未保存',
  RESPONSE_REASON_REQUIRED: '降级须写明理由,未改动',
  RESPONSE_LEVEL_UNCHANGED: '工单已是该级别,未改动',
  RESPONSE_RETURN_TO_SELF: '工单已在该所,未退回',
  RESPONSE_RETURNED_BEFORE: '本所已退回过一次,未再退回,请联系县反诈中心改派',
  RESPONSE_RETURN_LATE: '已超过5分钟退回时限,未退回,请联系县反诈中心改派',
  RESPONSE_TASK_STEP_NOT_ALLOWED: '任务当前状态不能进行此操作,内容未改动',
  VAULT_PURPOSE_MISSING: '查看身份信息须写明用途,未显示',
  VAULT_TAMPERED: '密封数据校验不通过,未打开,请联系运维',
};

/** The sentence in both languages, Chinese first; in English alone where there is no other. */
export function inWords(code: string, english: string): string {
  const chinese = ZH[code];
  return chinese === undefined ? english : `${chinese} · ${english}`;
}
