import CircleShape from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import RegularShape from 'ol/style/RegularShape.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import Text from 'ol/style/Text.js';

/** Colours come from the page's own variables, so the map follows light and dark. */
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const FONT = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

export function label(
  text: string,
  ink: string,
  options: {
    readonly size?: number;
    readonly dx?: number;
    readonly dy?: number;
    readonly weight?: number;
    readonly align?: CanvasTextAlign;
  } = {},
): Text {
  const { size = 12, dx = 0, dy = 0, weight = 400, align = 'left' } = options;
  return new Text({
    text,
    font: `${weight} ${size}px ${FONT}`,
    fill: new Fill({ color: colour(ink) }),
    stroke: new Stroke({ color: colour('map-land'), width: 3 }),
    offsetX: dx,
    offsetY: dy,
    textAlign: align,
    overflow: true,
  });
}

export const townStyle = (name: string): Style =>
  new Style({
    fill: new Fill({ color: colour('map-land') }),
    stroke: new Stroke({ color: colour('map-line'), width: 1 }),
    text: label(name, 'soft', { align: 'center' }),
  });
export const roadStyle = (): Style => new Style({ stroke: new Stroke({ color: colour('map-road'), width: 2 }) });
export const fenceStyle = (): Style =>
  new Style({
    fill: new Fill({ color: `${colour('map-fence')}1f` }),
    stroke: new Stroke({ color: colour('map-fence'), width: 1, lineDash: [4, 3] }),
  });
export const stationStyle = (name: string | null): Style =>
  new Style({
    image: new RegularShape({
      points: 4,
      radius: 7,
      angle: Math.PI / 4,
      fill: new Fill({ color: colour('p4') }),
      stroke: new Stroke({ color: colour('map-land'), width: 1.5 }),
    }),
    ...(name === null ? {} : { text: label(name, 'p4', { dx: 9, dy: 1 }) }),
  });
export const teamStyle = (name: string | null): Style =>
  new Style({
    image: new RegularShape({
      points: 3,
      radius: 7,
      fill: new Fill({ color: colour('ok') }),
      stroke: new Stroke({ color: colour('map-land'), width: 1.5 }),
    }),
    ...(name === null ? {} : { text: label(name, 'ok', { dx: 9, dy: 1 }) }),
  });

/** Where a person may be: the disc is the uncertainty, the dot its centre. */
export function areaStyle(level: string, picked: boolean): Style {
  const ink = colour(level.toLowerCase());
  return new Style({ fill: new Fill({ color: `${ink}26` }), stroke: new Stroke({ color: ink, width: picked ? 2 : 1 }) });
}

export function personStyle(level: string, text: string | null, picked: boolean, known: boolean): Style {
  const ink = colour(level.toLowerCase());
  const fill = new Fill({ color: known ? ink : colour('map-land') });
  return new Style({
    image: new CircleShape({ radius: picked ? 8 : 6, fill, stroke: new Stroke({ color: known ? colour('map-land') : ink, width: 2 }) }),
    ...(text === null ? {} : { text: label(text, 'text', { dx: 11, dy: 1, weight: picked ? 700 : 500, size: 13 }) }),
    zIndex: picked ? 9 : 5,
  });
}
