/**
 * Identifiers that have the form of real ones and belong to nobody: mobile numbers from segments that no operator has been
 * given, identity numbers from the end of the day's serials, card numbers from an issuer range of our own.
 */
const MOBILE_SEGMENTS = ['160', '161', '164', '168', '169'] as const;
/** A prime below 10⁸: multiplying by a number modulo it permutes the serials. */
const PRIME = 99_999_989;

/** The n-th mobile number, 11 digits; different for every n below 10⁸. */
export function mobileNumber(n: number): string {
  return `${MOBILE_SEGMENTS[n % 5] ?? '160'}${String(((n + 1) * 48_271) % PRIME).padStart(8, '0')}`;
}

/** A fixed line of an area code, e.g. 0635. */
export function fixedNumber(area: string, n: number): string {
  return `${area}${2 + (n % 7)}${String(((n + 1) * 7919) % 999_983).padStart(6, '0')}${area.length === 3 ? String(n % 10) : ''}`;
}

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS = '10X98765432';

/** Check character of the first 17 digits, GB 11643. */
export function idCheck(first17: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += Number(first17[i]) * (ID_WEIGHTS[i] ?? 0);
  return ID_CHECKS[sum % 11] ?? 'X';
}

/** An 18-character identity number. Serials 900 to 995: the end of the day's range; odd for men. `serial` 0..47. */
export function identityNumber(person: { region: string; born: string; male: boolean; serial: number }): string {
  const serial = 900 + (person.serial % 48) * 2 + (person.male ? 1 : 0);
  const first17 = `${person.region}${person.born}${serial}`;
  return first17 + idCheck(first17);
}

/** Luhn check digit of a card number. */
export function luhn(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = Number(digits[digits.length - 1 - i]);
    if (i % 2 === 0) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
  }
  return String((10 - (sum % 10)) % 10);
}

/** A 19-digit card number: issuer range of the bank, serial, Luhn digit. */
export function cardNumber(bank: number, n: number): string {
  const body = `6299${String(10 + bank).padStart(2, '0')}${String(((n + 1) * 48_271) % PRIME).padStart(8, '0')}${String(n % 10_000).padStart(4, '0')}`;
  return body + luhn(body);
}

/** Account of a payment institution, 16 digits. */
export const walletNumber = (n: number): string =>
  `2099${String(n).padStart(4, '0').slice(-4)}${String(((n + 1) * 48_271) % PRIME).padStart(8, '0')}`;

/** IMEI with its Luhn digit, 15 digits. */
export function imei(n: number): string {
  const body = `869${String(((n + 1) * 7919) % 99_999_989).padStart(8, '0')}${String(n % 1000).padStart(3, '0')}`;
  return body + luhn(body);
}
