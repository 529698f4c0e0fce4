import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { shortTime } from '../../live/county-clock.ts';
import { useLanguage } from '../../texts/language.tsx';
import { AxisMark } from './axis-mark.tsx';
import { placeLane } from './axis-layout.ts';
import { axisTitle, shortLabel } from './axis-words.ts';
import { LANES, shifted, ticks, zoomed, type AxisItem, type Range } from './axis-model.ts';

interface Props {
  readonly items: readonly AxisItem[];
  readonly nowMs: number;
  readonly pickedId: string | null;
  readonly onPick: (id: string | null) => void;
  /** What is shown, within the whole. */
  readonly view: Range;
  readonly whole: Range;
  readonly onRange: (range: Range | null) => void;
}

const LANE_PX = 46;
const FOOT_PX = 24;
const GUTTER_PX = 86;
const TICK_EVERY_PX = 110;
const WHEEL_STEP = 1.2;

/** All lanes under one another on one clock. Wheel zooms, drag pans, arrows step from mark to mark. */
export function AxisChart({ items, nowMs, pickedId, onPick, view, whole, onRange }: Props): ReactNode {
  const { texts, language } = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const [widthPx, setWidthPx] = useState(900);
  const drag = useRef<{ readonly x: number; readonly range: Range } | null>(null);
  const lanes = LANES.filter((lane) => lane !== 'other' || items.some((item) => item.lane === 'other'));
  const plotPx = Math.max(200, widthPx - GUTTER_PX - 12);
  const heightPx = lanes.length * LANE_PX + FOOT_PX;
  const xOf = (ms: number): number => ((ms - view.fromMs) / (view.toMs - view.fromMs)) * plotPx;
  const msOf = (px: number): number => view.fromMs + (px / plotPx) * (view.toMs - view.fromMs);

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(([entry]) => setWidthPx(entry?.contentRect.width ?? 900));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  // React listens for wheel passively; the page must not scroll while the axis zooms.
  const zoom = useRef<(event: WheelEvent) => void>(() => undefined);
  useEffect(() => {
    zoom.current = (event) => {
      event.preventDefault();
      const px = event.clientX - (box.current?.getBoundingClientRect().left ?? 0) - GUTTER_PX;
      if (event.deltaX !== 0 && Math.abs(event.deltaX) > Math.abs(event.deltaY))
        return onRange(shifted(view, whole, (event.deltaX / plotPx) * (view.toMs - view.fromMs)));
      onRange(zoomed(view, whole, event.deltaY > 0 ? WHEEL_STEP : 1 / WHEEL_STEP, msOf(px)));
    };
  });
  useEffect(() => {
    const element = box.current;
    const listen = (event: WheelEvent): void => zoom.current(event);
    element?.addEventListener('wheel', listen, { passive: false });
    return () => element?.removeEventListener('wheel', listen);
  }, []);

  const step = (by: number, sameLane: boolean): void => {
    const lane = items.find(({ id }) => id === pickedId)?.lane;
    const pool = sameLane && lane !== undefined ? items.filter((item) => item.lane === lane) : items;
    const index = pool.findIndex(({ id }) => id === pickedId);
    const next = pool[index < 0 ? (by > 0 ? 0 : pool.length - 1) : Math.max(0, Math.min(pool.length - 1, index + by))];
    if (next === undefined) return;
    onPick(next.id);
    if (next.fromMs < view.fromMs || next.fromMs > view.toMs) onRange(shifted(view, whole, next.fromMs - (view.fromMs + view.toMs) / 2));
  };
  const onKey = (event: KeyboardEvent): void => {
    const acts: Readonly<Record<string, () => void>> = {
      ArrowRight: () => step(1, false),
      ArrowLeft: () => step(-1, false),
      ArrowDown: () => step(1, true),
      ArrowUp: () => step(-1, true),
      '+': () => onRange(zoomed(view, whole, 1 / WHEEL_STEP, (view.fromMs + view.toMs) / 2)),
      '=': () => onRange(zoomed(view, whole, 1 / WHEEL_STEP, (view.fromMs + view.toMs) / 2)),
      '-': () => onRange(zoomed(view, whole, WHEEL_STEP, (view.fromMs + view.toMs) / 2)),
      Home: () => onRange(null),
      Escape: () => onPick(null),
    };
    const act = acts[event.key];
    if (act === undefined || (event.key === 'Escape' && pickedId === null)) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const onDown = (event: PointerEvent): void => {
    drag.current = { x: event.clientX, range: view };
  };
  const onMove = (event: PointerEvent): void => {
    if (drag.current === null || Math.abs(event.clientX - drag.current.x) < 3) return;
    onRange(shifted(drag.current.range, whole, ((drag.current.x - event.clientX) / plotPx) * (view.toMs - view.fromMs)));
  };
  return (
    <div
      ref={box}
      className="axis"
      tabIndex={0}
      role="listbox"
      aria-label={texts.axis.label}
      aria-activedescendant={pickedId === null ? undefined : `axis-${pickedId}`}
      onKeyDown={onKey}
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerLeave={() => {
        drag.current = null;
      }}
    >
      <svg width={widthPx} height={heightPx}>
        <defs>
          <clipPath id="axis-plot">
            <rect x={-8} y={0} width={plotPx + 16} height={heightPx} />
          </clipPath>
        </defs>
        {lanes.map((lane, index) => (
          <g key={lane} transform={`translate(0 ${index * LANE_PX})`}>
            {index === 0 ? null : <line x1={0} x2={widthPx} y1={0} y2={0} className="rule" />}
            <text x={0} y={22} className="lane">
              {texts.axis.lanes[lane]}
            </text>
          </g>
        ))}
        <g transform={`translate(${GUTTER_PX} 0)`} clipPath="url(#axis-plot)">
          {ticks(view, Math.max(2, Math.floor(plotPx / TICK_EVERY_PX))).map((ms) => (
            <g key={ms} transform={`translate(${xOf(ms)} 0)`}>
              <line y1={0} y2={heightPx - FOOT_PX} className="rule" />
              <text y={heightPx - 7} className="tick" textAnchor="middle">
                {shortTime(ms)}
              </text>
            </g>
          ))}
          {xOf(nowMs) >= 0 && xOf(nowMs) <= plotPx ? (
            <line x1={xOf(nowMs)} x2={xOf(nowMs)} y1={0} y2={heightPx - FOOT_PX} className="now" />
          ) : null}
          {lanes.map((lane, index) => (
            <g key={lane} transform={`translate(0 ${index * LANE_PX})`}>
              {placeLane(
                items.filter((item) => item.lane === lane),
                view,
                plotPx,
                (members) => shortLabel(members, { texts, language, nowMs }),
              ).map((placed) => (
                <AxisMark
                  key={placed.members[0]?.id}
                  placed={placed}
                  pickedId={pickedId}
                  title={axisTitle(placed.members, { texts, language })}
                  onPick={onPick}
                />
              ))}
            </g>
          ))}
        </g>
      </svg>
    </div>
  );
}
