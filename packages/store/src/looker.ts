export interface LookerOptions {
  /** Wall ms between looks. */
  readonly everyMs: number;
  readonly look: () => Promise<void>;
  /** Once for every time that it begins to fail: with the store away each look does. */
  readonly onFailed: (error: unknown) => void;
}

/** Looks again and again at what may be away for a while, one look after the other. */
export interface Looker {
  /** Looks now, after the look that is under way. Resolves when it is done, failed or not. */
  look(): Promise<void>;
  /** The looks by the clock begin. */
  start(): void;
  /** They end; what is under way is waited for. */
  stop(): Promise<void>;
}

export function createLooker({ everyMs, look, onFailed }: LookerOptions): Looker {
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  let failed = false;
  const pass = async (): Promise<void> => {
    try {
      await look();
      failed = false;
    } catch (error) {
      if (!failed) onFailed(error);
      failed = true;
    }
  };
  const next = (): Promise<void> => (turn = turn.then(pass));
  return {
    look: next,
    start() {
      timer = setInterval(() => void next(), everyMs);
    },
    async stop() {
      clearInterval(timer);
      await turn;
    },
  };
}
