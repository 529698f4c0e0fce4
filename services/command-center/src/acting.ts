import { SkyeyeError } from '@skyeye/foundation';
import { HttpProblem, problems } from '@skyeye/identity';

/** A step that the ledger refuses is the asker's mistake: 404 for what does not exist, else 409 with the reason and its facts. */
export async function refusable<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SkyeyeError) || error.handling !== 'refuse') throw error;
    if (error.code === 'LEDGER_NOT_FOUND') throw problems.notFound();
    throw new HttpProblem({
      status: 409,
      code: error.code,
      message: `${error.message}; nothing was changed`,
      extra: { facts: error.facts },
      cause: error,
    });
  }
}
