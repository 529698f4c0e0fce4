import type { Route } from '@skyeye/identity';
import type { Context } from '../deps.ts';
import { askHold } from './holds/ask.ts';
import { endRoutes } from './holds/end.ts';

/** Every route of the service. */
export const routes = (context: Context): readonly Route[] => [askHold(context), ...endRoutes(context)];
