import { Button } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useConnection, useFeed, useWallNow } from '../live/use-feed.tsx';
import { useTexts } from '../texts/language.tsx';

/** A break shorter than this is mended before anybody could read about it. */
const SILENT_MS = 2_000;
const BACK_SHOWN_MS = 4_000;

export function StaleBanner(): ReactNode {
  const { stale } = useTexts();
  const connection = useConnection();
  const feed = useFeed();
  const nowMs = useWallNow();
  const wasShown = useRef(false);
  const [backUntilMs, setBackUntilMs] = useState(0);
  const downMs = connection.state === 'broken' ? nowMs - connection.sinceMs : 0;
  const shown = downMs >= SILENT_MS;
  useEffect(() => {
    if (wasShown.current && connection.state === 'live') setBackUntilMs(Date.now() + BACK_SHOWN_MS);
    wasShown.current = shown;
  }, [shown, connection.state]);
  if (shown)
    return (
      <div className="stale" role="status">
        <span>{stale.broken(Math.round(downMs / 1000))}</span>
        <span className="note">{stale.note}</span>
        <Button size="small" onClick={feed.retry}>
          {stale.retry}
        </Button>
      </div>
    );
  return nowMs < backUntilMs ? (
    <div className="stale back" role="status">
      {stale.back}
    </div>
  ) : null;
}
