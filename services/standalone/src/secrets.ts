import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { madeOnce } from '@skyeye/vault';

/** A secret of this installation: made on the first start, kept in the keys folder with mode 0600. */
export function installationSecret(folder: string, name: string): Buffer {
  return madeOnce(join(folder, name), () => randomBytes(32));
}
