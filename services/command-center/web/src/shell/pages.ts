import type { Role } from '@skyeye/contracts';

/** Who sees which page. The server decides; this only keeps dead links off the screen. */
const PAGES = {
  queue: ['analyst', 'leader', 'station'],
  map: ['analyst', 'leader', 'station'],
  sources: ['analyst', 'leader', 'station', 'operator'],
  subjects: ['analyst', 'leader'],
  unknowns: ['analyst', 'leader'],
  audit: ['auditor'],
  steering: ['analyst', 'leader', 'auditor'],
  erasures: ['operator', 'leader', 'auditor'],
} as const satisfies Record<string, readonly Role[]>;

export type Page = keyof typeof PAGES;

export const maySee = (page: Page, role: Role): boolean => (PAGES[page] as readonly Role[]).includes(role);
