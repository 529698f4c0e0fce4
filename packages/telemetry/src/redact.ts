const MOBILE = /^1[3-9]\d{9}$/;
const IDENTITY = /^\d{17}[0-9Xx]$/;
const CARD = /^\d{15,19}$/;
/** A run of digits (with an X that ends an identity number), not part of a longer run of letters and digits. */
const RUN = /(?<![0-9A-Za-z])\+?\d{11,19}[Xx]?(?![0-9A-Za-z])/g;

/** What stands in the log instead of a phone, identity or card number. */
export const REDACTED = '[identifier]';

function looksLikeIdentifier(run: string): boolean {
  const digits = run.replace(/^\+/, '');
  return MOBILE.test(digits) || /^86(1[3-9]\d{9})$/.test(digits) || IDENTITY.test(digits) || CARD.test(digits);
}

/**
 * Replaces every phone (11 digits), identity (17 digits and a digit or X) and card number (15 to 19 digits) in a text.
 * Epoch milliseconds (13 digits) stay. Cost: one pass of a regular expression, only when the text has 11 digits.
 * @returns the text, and how many were replaced
 */
export function redactText(text: string): { text: string; replaced: number } {
  let replaced = 0;
  const out = text.replaceAll(RUN, (run) => {
    if (!looksLikeIdentifier(run)) return run;
    replaced++;
    return REDACTED;
  });
  return { text: out, replaced };
}

/** As RUN, with a blank or a hyphen between groups of digits, as people write a number down. */
const SPELT = /(?<![0-9A-Za-z])\+?\d(?:[ \u00a0\u3000-]?\d){10,18}[Xx]?(?![0-9A-Za-z])/g;
const FULL_WIDTH_DIGIT = /[\uff10-\uff19]/g;

/**
 * For what a person typed: as {@link redactText}, and also numbers in groups (138 0000 5521, 6217-0000-…) and in the wide
 * digits of a Chinese keyboard. Not for logs, where two numbers side by side are no account.
 */
export function redactTyped(text: string): string {
  const narrow = text.replaceAll(FULL_WIDTH_DIGIT, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  return redactText(narrow).text.replaceAll(SPELT, (run) =>
    looksLikeIdentifier(run.replaceAll(/[ \u00a0\u3000-]/g, '')) ? REDACTED : run,
  );
}

/** Redacts one field of a log line. Numbers are looked at too: an account that came as a number is still an account. */
export function redactValue(value: unknown): { value: unknown; replaced: number } {
  if (typeof value === 'string') {
    const { text, replaced } = redactText(value);
    return { value: text, replaced };
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    const text = String(value);
    return looksLikeIdentifier(text) ? { value: REDACTED, replaced: 1 } : { value, replaced: 0 };
  }
  return { value, replaced: 0 };
}
