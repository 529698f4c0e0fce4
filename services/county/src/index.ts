export { app, type CountyApp, type CountyDeps } from './app.ts';
