import { errorTable } from '@skyeye/foundation';
import { CLAIM_ENTRIES_MAX, NAME_CHARACTERS_MAX, PUBLISH_BYTES_MAX, SNAPSHOT_BYTES_MAX, VALUE_BYTES_MAX } from './port.ts';

export const errors = errorTable('STORE', {
  nameTooLong: { handling: 'refuse', message: 'a key, channel or snapshot name is empty or too long' },
  valueTooLarge: { handling: 'refuse', message: 'a value is over the size limit' },
  claimTooLarge: { handling: 'refuse', message: 'too many keys are claimed in one call' },
  notANumber: { handling: 'refuse', message: 'the key does not hold a counter' },
  closed: { handling: 'refuse', message: 'the store is closed' },
  otherVersion: { handling: 'refuse', message: 'the folder was written by another version' },
  folderNotWritable: { handling: 'refuse', message: 'the folder of the store cannot be written' },
  unreachable: { handling: 'retry', message: 'the store did not answer' },
  queueFull: { handling: 'retry', message: 'too many commands wait for the store' },
  busy: { handling: 'retry', message: 'the store was locked by other writers for too long' },
  diskFull: { handling: 'retry', message: 'no space is left for the store' },
  diskNotWritable: { handling: 'retry', message: 'the disk of the store cannot be written' },
  snapshotDamaged: { handling: 'crash', message: 'neither the latest nor the previous snapshot is whole' },
  corrupt: { handling: 'crash', message: 'the file of the store is damaged' },
});

/** @throws STORE_NAME_TOO_LONG */
export function checkName(name: string): void {
  if (name.length === 0 || name.length > NAME_CHARACTERS_MAX)
    throw errors.nameTooLong({ characters: name.length, charactersMax: NAME_CHARACTERS_MAX });
}

const LIMITS = { value: VALUE_BYTES_MAX, message: PUBLISH_BYTES_MAX, snapshot: SNAPSHOT_BYTES_MAX } as const;

/** @throws STORE_VALUE_TOO_LARGE */
export function checkSize(kind: keyof typeof LIMITS, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
  if (bytes > LIMITS[kind]) throw errors.valueTooLarge({ kind, bytes, bytesMax: LIMITS[kind] });
}

/** @throws STORE_CLAIM_TOO_LARGE, STORE_NAME_TOO_LONG, STORE_VALUE_TOO_LARGE */
export function checkClaim(entries: readonly { readonly key: string; readonly value: string }[]): void {
  if (entries.length > CLAIM_ENTRIES_MAX) throw errors.claimTooLarge({ entries: entries.length, entriesMax: CLAIM_ENTRIES_MAX });
  for (const { key, value } of entries) {
    checkName(key);
    checkSize('value', value);
  }
}
