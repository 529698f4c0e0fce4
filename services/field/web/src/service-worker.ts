/** Keeps the app for the time without network and wakes the phone for a task. Written into the build: its files and a name made of them. */
declare const self: ServiceWorkerGlobalScope;

const FILES = JSON.parse('__FILES__') as string[];
const CACHE = `skyeye-field-${'__VERSION__'}`;

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.addAll(FILES);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      await Promise.all(names.filter((name) => name.startsWith('skyeye-field-') && name !== CACHE).map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  const scope = new URL(self.registration.scope);
  if (event.request.method !== 'GET' || url.origin !== scope.origin || url.pathname.startsWith(`${scope.pathname}api/`)) return;
  event.respondWith(answer(event.request));
});

/** Hashed files never change: the kept one is right. The page itself comes from the network while there is one. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  if (request.mode === 'navigate') {
    try {
      return await fetch(request);
    } catch (cause) {
      const kept = await cache.match('./');
      if (kept === undefined) throw cause;
      return kept;
    }
  }
  return (await cache.match(request)) ?? fetch(request);
}

/** The message may say the level; never who or where: a locked phone shows it to everybody. */
self.addEventListener('push', (event) => {
  const message = read(event.data);
  event.waitUntil(
    self.registration.showNotification(message.title ?? '有新任务', {
      body: message.body ?? '请打开劝阻终端查看',
      tag: message.tag ?? 'task',
      icon: './icon-192.png',
      badge: './icon-192.png',
      requireInteraction: true,
    }),
  );
});

function read(data: { readonly json: () => unknown } | null): { title?: string; body?: string; tag?: string } {
  if (data === null) return {};
  try {
    return data.json() as { title?: string; body?: string; tag?: string };
  } catch (cause) {
    console.debug('a push without JSON', cause);
    return {};
  }
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(
    (async () => {
      const [open] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
      if (open !== undefined) await open.focus();
      else await self.clients.openWindow('./');
    })(),
  );
});

export {};
