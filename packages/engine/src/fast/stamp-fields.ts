/** What stamps read: every stream that has the field keeps it in its rows. */
export const STAMP_INPUTS = [
  'phone',
  'acct',
  'person',
  'peer',
  'device',
  'dir',
  'ev',
  'st',
  'tool',
  'pkg',
  'domain',
  'rphone',
  'region',
  'dur_s',
  'amt',
  'bal',
] as const;
/** What stamps write, and rows keep. */
export const STAMPS = [
  'hod',
  'start_t',
  'np180',
  'np180p',
  'rel',
  'stranger',
  'peer_black',
  'peer_age_d',
  'url_level',
  'level',
  'dom_age_d',
  'first_inst',
  'first_tool',
  'live',
  'peer_victim',
  'peer_acct_age_d',
  'known_dev',
  'drain',
  'round1k',
  'cents',
  'nearlim',
  'far',
] as const;

/** What stamps write, and rows keep only where a formula reads it: elsewhere it is worked out when an event is handed back. */
export const RARE_STAMPS = ['wday', 'peer_goip', 'peer_fan24'] as const;
