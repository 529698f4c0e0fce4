export { app, type CountyApp, type CountyDeps } from './app.ts';
export { followContacts, type ContactsOptions, type CountyNews } from './contacts.ts';
export { countyOptions, whole } from './county-options.ts';
