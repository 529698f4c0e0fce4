import { useState, type ReactNode } from 'react';
import { api } from '../api/client.ts';
import { useTexts } from '../texts/language.tsx';

/** Asks once, by a touch, whether the phone may wake for a task; only where the server has a key and the browser a push service. */
export function NotifyButton({ pushKey }: { readonly pushKey: string | null }): ReactNode {
  const { list } = useTexts();
  const able = pushKey !== null && 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
  const [permission, setPermission] = useState<NotificationPermission | null>(able ? Notification.permission : null);
  if (!able || permission === null) return null;
  const turnOn = async (): Promise<void> => {
    const answer = await Notification.requestPermission();
    setPermission(answer);
    if (answer !== 'granted') return;
    const worker = await navigator.serviceWorker.ready;
    const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: pushKey });
    await api.subscribe(subscription.toJSON());
  };
  if (permission === 'granted') return <p className="soft small centre">{list.notifyOn}</p>;
  if (permission === 'denied') return <p className="soft small centre">{list.notifyNo}</p>;
  return (
    <button
      type="button"
      className="button"
      onClick={() => void turnOn().catch((cause: unknown) => console.warn('no push', String(cause)))}
    >
      {list.notify}
    </button>
  );
}
