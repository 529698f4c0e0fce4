import { parseWithoutEval } from '@skyeye/contracts';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './styles.css';
import './forms.css';

parseWithoutEval();
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(<App />);

// The worker keeps the app for the time without network; in development there is none.
if (import.meta.env.PROD && 'serviceWorker' in navigator)
  navigator.serviceWorker
    .register('./service-worker.js', { scope: './' })
    .catch((cause: unknown) => console.warn('no service worker', String(cause)));
