import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('IDENTITY', {
  accountExists: { handling: 'refuse', message: 'an account of this name exists already' },
  routeTwice: { handling: 'crash', message: 'two routes have the same method and path' },
  routeUnlisted: { handling: 'crash', message: 'a route was registered without a row in the route table' },
});
