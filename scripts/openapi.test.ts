import { expect, test } from 'vitest';
import { openApiOf } from './openapi/document.ts';
import { SERVICES } from './openapi/services.ts';

test.each(SERVICES.map((service) => [service.file, service] as const))(
  'every route of %s is in its document, with its refusals',
  (_file, service) => {
    const { openapi, paths } = openApiOf(service, '1.0.0') as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
    };
    expect(openapi).toBe('3.1.0');
    const operations = Object.values(paths).flatMap((path) => Object.values(path));
    expect(operations.length).toBe(service.routes.length);
    for (const { responses } of operations) expect(Object.keys(responses)).toEqual(expect.arrayContaining(['429', '503']));
  },
);

test('a route that does not say what it replies is found, and a reply to no route too', () => {
  const [service] = SERVICES;
  if (service === undefined) throw new Error('there are services');
  expect(() => openApiOf({ ...service, replies: {} }, '1')).toThrow('does not say what it replies');
  expect(() => openApiOf({ ...service, replies: { ...service.replies, 'GET /nowhere': null } }, '1')).toThrow('no such route');
});
