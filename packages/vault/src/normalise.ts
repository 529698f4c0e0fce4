import type { IdKind } from '@skyeye/contracts';

const SEPARATORS = /[\s\u00a0-]+/g;
const FULL_WIDTH = /[\uff01-\uff5e]/g;

/**
 * One spelling per identifier, so that every provider's spelling gives the same token. Numbers of the mainland lose
 * their country code (+86, 0086, 86 before a mobile number), other countries keep `+`; accounts lose blanks and hyphens;
 * identity numbers end in a capital X.
 */
export function normalise(kind: IdKind, clear: string): string {
  const text = clear.replaceAll(FULL_WIDTH, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0)).trim();
  switch (kind) {
    case 'phone':
      return phone(text.replaceAll(SEPARATORS, ''));
    case 'acct':
    case 'person':
      return text.replaceAll(SEPARATORS, '').toUpperCase();
    case 'ip':
    case 'domain':
      return text.toLowerCase();
    case 'addr':
      return text.replaceAll(SEPARATORS, '');
    default:
      return text;
  }
}

function phone(text: string): string {
  const international = text.startsWith('00') ? `+${text.slice(2)}` : text;
  if (international.startsWith('+86')) return international.slice(3);
  return /^861[3-9]\d{9}$/.test(international) ? international.slice(2) : international;
}
