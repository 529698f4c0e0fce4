import type { EvidenceItem, IncidentDetail } from '@skyeye/contracts';
import { Button, Space } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import { clockTime, shortTime } from '../../live/county-clock.ts';
import { useCountyNow } from '../../live/use-feed.tsx';
import { duration, sourceName, yuan } from '../../shell/format.ts';
import { useLanguage } from '../../texts/language.tsx';
import { AxisChart } from './axis-chart.tsx';
import { axisItems, episodeRange, wholeRange, zoomed, type Range } from './axis-model.ts';
import { AxisTable } from './axis-table.tsx';
import { axisSays } from './axis-words.ts';
import './axis.css';

export function AxisCard({ detail, evidence }: { readonly detail: IncidentDetail; readonly evidence: readonly EvidenceItem[] }): ReactNode {
  const { texts, say, language } = useLanguage();
  const nowMs = useCountyNow();
  const [table, setTable] = useState(false);
  const [range, setRange] = useState<Range | null>(null);
  const [picked, setPicked] = useState<string | null>(null);
  const items = useMemo(() => axisItems(detail, evidence, nowMs), [detail, evidence, nowMs]);
  const item = items.find(({ id }) => id === picked);
  const endMs = detail.closedMs ?? nowMs;
  const whole = wholeRange(items, endMs);
  const view = range ?? episodeRange(items, endMs);
  const all = view.fromMs <= whole.fromMs;
  const zoom = (factor: number): void => setRange(zoomed(view, whole, factor, (view.fromMs + view.toMs) / 2));
  return (
    <section className="card" aria-label={texts.axis.title}>
      <header>
        <h2>{texts.axis.title}</h2>
        <span className="small soft cut" style={{ flex: 1, textAlign: 'right' }}>
          {shortTime(view.fromMs)} – {shortTime(view.toMs)} · {texts.axis.hint}
        </span>
        <Space size={4}>
          {table ? null : (
            <>
              <Button size="small" aria-label={texts.axis.zoomIn} onClick={() => zoom(0.5)}>
                +
              </Button>
              <Button size="small" aria-label={texts.axis.zoomOut} onClick={() => zoom(2)}>
                −
              </Button>
              <Button size="small" disabled={range === null && all} onClick={() => setRange(range === null ? whole : null)}>
                {range === null ? texts.axis.all : texts.axis.episode}
              </Button>
            </>
          )}
          <Button size="small" aria-pressed={table} onClick={() => setTable(!table)}>
            {table ? texts.axis.chart : texts.axis.table}
          </Button>
        </Space>
      </header>
      {items.length === 0 ? (
        <div className="state">{texts.axis.empty}</div>
      ) : table ? (
        <AxisTable items={items} />
      ) : (
        <div style={{ padding: '10px 16px 6px' }}>
          <AxisChart items={items} nowMs={nowMs} pickedId={picked} onPick={setPicked} view={view} whole={whole} onRange={setRange} />
          <p className="small picked-line" aria-live="polite">
            {item === undefined ? (
              <span className="soft">{texts.axis.pick}</span>
            ) : (
              <>
                <b>
                  {clockTime(item.fromMs)}
                  {item.span ? ` – ${item.open ? texts.axis.ongoing : clockTime(item.toMs)}` : ''}
                </b>{' '}
                · {texts.axis.lanes[item.lane]} · {axisSays(item, { texts, language })}
                {item.by === null ? '' : ` · ${item.by}`}
                {item.amountFen === null || say(item.says).includes('¥') ? '' : ` · ${yuan(item.amountFen)}`}
                {item.stream === null ? '' : ` · ${texts.axis.columns.source} ${sourceName(item.stream, texts)}`}
                {item.delayMs === null
                  ? ''
                  : ` · ${item.late ? texts.axis.delay(duration(item.delayMs, texts)) : `${texts.axis.columns.delay} ${duration(item.delayMs, texts)}`}`}
              </>
            )}
          </p>
        </div>
      )}
    </section>
  );
}
