import { hash, verify, type Options } from '@node-rs/argon2';

/** Argon2id (the library's default algorithm), 19 MiB, two passes, one lane: about 25 ms on one core. OWASP's recommended minimum. */
export const ARGON2: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };

/** Verifications at a time, each of 19 MiB, and how many may wait. Beyond that a sign-in is told to come back. */
const RUNNING_MAX = 4;
const WAITING_MAX = 60;

export interface Passwords {
  /** The PHC string of a password. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password belongs to the hash. An unknown account (hash undefined) costs the same time as a known one.
   * 'busy' when too many are being verified.
   */
  verify(passwordHash: string | undefined, password: string): Promise<boolean | 'busy'>;
}

export function passwords(options: Options = ARGON2): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];
  let decoy: Promise<string> | undefined;

  const enter = async (): Promise<boolean> => {
    if (running < RUNNING_MAX) {
      running++;
      return true;
    }
    if (waiting.length >= WAITING_MAX) return false;
    // The slot is handed over by leave(), so `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
    return true;
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  };

  return {
    hash: (password) => hash(password, options),
    async verify(passwordHash, password) {
      if (!(await enter())) return 'busy';
      try {
        decoy ??= hash('no account has this password', options);
        const matches = await verify(passwordHash ?? (await decoy), password);
        return passwordHash !== undefined && matches;
      } finally {
        leave();
      }
    },
  };
}
