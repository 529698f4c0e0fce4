import { ROLES } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import type { Context } from '../../deps.ts';

const PEOPLE = ROLES.filter((role) => role !== 'bank');

export const getCounty = ({ county }: Context): Route =>
  route(
    { method: 'GET', path: '/api/county', says: 'geography of the county for the map', access: PEOPLE, perMinute: 30, audit: null },
    ({ reply }) => {
      reply.header('cache-control', 'private, max-age=300');
      return county;
    },
  );
