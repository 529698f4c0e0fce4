import type { County, Incident } from '@skyeye/contracts';
import VectorLayer from 'ol/layer/Vector.js';
import Map from 'ol/Map.js';
import { fromLonLat } from 'ol/proj.js';
import VectorSource from 'ol/source/Vector.js';
import View from 'ol/View.js';
import { useEffect, useRef, type ReactNode } from 'react';
import { useCountyNow } from '../live/use-feed.tsx';
import { distance, duration } from '../shell/format.ts';
import { isBeingDefrauded } from '../queue/order.ts';
import { useLanguage } from '../texts/language.tsx';
import { groundFeatures, peopleFeatures, placeOf } from './county-layers.ts';
import { Legend } from './legend.tsx';
import './map.css';
import { MapStyles } from './map-styles.ts';

interface Props {
  readonly county: County;
  readonly rows: readonly Incident[];
  readonly pickedId: string | null;
  readonly onPick: (id: string) => void;
  /** Names of stations and teams, and of all people, not only of the gravest. */
  readonly detailed?: boolean;
  /** 1 on a desk; more on a wall that is read from afar. */
  readonly scale?: number;
}

/** Ages of positions are renewed this often, county time; a label need not tick. */
const AGE_STEP_MS = 10_000;
const LABELS_MAX = 12;

/** A plain canvas with vector data of the county: no tiles, no WebGL, no internet. */
export function CountyMap({ county, rows, pickedId, onPick, detailed = false, scale = 1 }: Props): ReactNode {
  const { texts, language } = useLanguage();
  const nowMs = Math.floor(useCountyNow() / AGE_STEP_MS) * AGE_STEP_MS;
  const holder = useRef<HTMLDivElement>(null);
  const made = useRef<{ readonly map: Map; readonly ground: VectorSource; readonly people: VectorSource; readonly fit: () => void } | null>(
    null,
  );
  const pick = useRef(onPick);
  useEffect(() => {
    pick.current = onPick;
  });

  useEffect(() => {
    if (holder.current === null) return undefined;
    const ground = new VectorSource();
    const people = new VectorSource();
    const map = new Map({
      target: holder.current,
      controls: [],
      layers: [
        new VectorLayer({ source: ground, declutter: 'map' }),
        new VectorLayer({ source: people, declutter: 'map', updateWhileInteracting: true }),
      ],
      view: new View({ center: [0, 0], zoom: 10 }),
    });
    const fit = (): void => {
      const corners = county.towns.flatMap((town) => town.border.map(([lon, lat]) => fromLonLat([lon, lat])));
      const xs = corners.map(([x]) => x ?? 0);
      const ys = corners.map(([, y]) => y ?? 0);
      if (corners.length > 0)
        map.getView().fit([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], { padding: [18, 18, 18, 18] });
    };
    map.on('click', (event) => {
      const id = map.forEachFeatureAtPixel(event.pixel, (feature) => feature.getId(), { hitTolerance: 6 });
      if (typeof id === 'string') pick.current(id);
    });
    map.once('change:size', fit);
    made.current = { map, ground, people, fit };
    fit();
    const watch = new ResizeObserver(() => map.updateSize());
    watch.observe(holder.current);
    return () => {
      watch.disconnect();
      map.setTarget(undefined);
      made.current = null;
    };
  }, [county]);

  useEffect(() => {
    const source = made.current?.ground;
    source?.clear();
    source?.addFeatures(groundFeatures(county, new MapStyles(scale), language === 'en', detailed));
  }, [county, language, detailed, scale]);

  useEffect(() => {
    const source = made.current?.people;
    const named = new Set(
      rows
        .filter((row) => detailed || isBeingDefrauded(row))
        .slice(0, LABELS_MAX)
        .map(({ id }) => id),
    );
    const text = (row: Incident): string | null => {
      if (!named.has(row.id) && row.id !== pickedId) return null;
      const { position, maskedName } = row.subject;
      return position === null
        ? maskedName
        : `${maskedName} ±${distance(position.radiusM, texts)} ${texts.map.ago(duration(nowMs - position.atMs, texts))}`;
    };
    source?.clear();
    source?.addFeatures(peopleFeatures(rows, county, new MapStyles(scale), pickedId, text));
  }, [rows, county, pickedId, texts, nowMs, detailed, scale]);

  useEffect(() => {
    const row = rows.find(({ id }) => id === pickedId);
    const place = row === undefined ? null : placeOf(row, county);
    if (place !== null && detailed)
      made.current?.map.getView().animate({ center: fromLonLat([place.lonLat[0], place.lonLat[1]]), duration: 200 });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- moves once per pick: a position that is renewed must not move the map
  }, [pickedId]);

  const zoom = (by: number): void => {
    const view = made.current?.map.getView();
    view?.animate({ zoom: (view.getZoom() ?? 10) + by, duration: 120 });
  };
  return (
    <div className="map">
      <div className="canvas" ref={holder} role="img" aria-label={`${texts.map.title}:${texts.map.people} ${rows.length}`} />
      <div className="zoom">
        <button type="button" onClick={() => zoom(1)} aria-label={texts.map.zoomIn}>
          +
        </button>
        <button type="button" onClick={() => zoom(-1)} aria-label={texts.map.zoomOut}>
          −
        </button>
        <button type="button" onClick={() => made.current?.fit()} className="fit">
          {texts.map.fit}
        </button>
      </div>
      <Legend />
    </div>
  );
}
