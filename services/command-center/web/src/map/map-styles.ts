import CircleShape from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import RegularShape from 'ol/style/RegularShape.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import Text from 'ol/style/Text.js';

/** Colours come from the page's own variables, so the map follows light and dark. */
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const FONT = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

interface LabelPlace {
  readonly size?: number;
  readonly dx?: number;
  readonly weight?: number;
  readonly align?: CanvasTextAlign;
}

/** The graver covers the lesser, and keeps its label where two would collide. */
const RANK: Readonly<Record<string, number>> = { P1: 8, P2: 7, P3: 6, P4: 5 };

/** How everything on the map looks; `scale` is 1 on a desk and more on a wall. Marks are never left out for lack of room, labels are. */
export class MapStyles {
  readonly #scale: number;
  constructor(scale: number) {
    this.#scale = scale;
  }

  #label(text: string, ink: string, { size = 12, dx = 0, weight = 400, align = 'left' }: LabelPlace = {}): Text {
    const k = this.#scale;
    const halo = new Stroke({ color: colour('map-land'), width: 3 * k });
    return new Text({
      text,
      font: `${weight} ${size * k}px ${FONT}`,
      fill: new Fill({ color: colour(ink) }),
      stroke: halo,
      offsetX: dx * k,
      offsetY: k,
      textAlign: align,
      overflow: true,
    });
  }

  #shape(points: number, ink: string): RegularShape {
    const edge = new Stroke({ color: colour('map-land'), width: 1.5 * this.#scale });
    return new RegularShape({
      points,
      radius: 7 * this.#scale,
      angle: points === 4 ? Math.PI / 4 : 0,
      fill: new Fill({ color: colour(ink) }),
      stroke: edge,
      declutterMode: 'none',
    });
  }

  town(name: string): Style {
    return new Style({
      fill: new Fill({ color: colour('map-land') }),
      stroke: new Stroke({ color: colour('map-line'), width: 1 }),
      text: this.#label(name, 'soft', { align: 'center' }),
    });
  }

  road(): Style {
    return new Style({ stroke: new Stroke({ color: colour('map-road'), width: 2 * this.#scale }) });
  }

  fence(): Style {
    return new Style({
      fill: new Fill({ color: `${colour('map-fence')}1f` }),
      stroke: new Stroke({ color: colour('map-fence'), width: this.#scale, lineDash: [4, 3] }),
    });
  }

  /** Squares are stations, triangles teams. */
  unit(kind: 'station' | 'team', name: string | null): Style {
    const ink = kind === 'station' ? 'p4' : 'ok';
    return new Style({
      image: this.#shape(kind === 'station' ? 4 : 3, ink),
      ...(name === null ? {} : { text: this.#label(name, ink, { dx: 9 }) }),
    });
  }

  /** Where a person may be: the disc is the uncertainty, the dot its centre. */
  area(shade: string, picked: boolean): Style {
    const ink = colour(shade.toLowerCase());
    return new Style({ fill: new Fill({ color: `${ink}26` }), stroke: new Stroke({ color: ink, width: (picked ? 2 : 1) * this.#scale }) });
  }

  person(
    shade: string,
    text: string | null,
    { picked, known, left }: { readonly picked: boolean; readonly known: boolean; readonly left: boolean },
  ): Style {
    const ink = colour(shade.toLowerCase());
    const land = colour('map-land');
    const dot = new CircleShape({
      radius: (picked ? 8 : 6) * this.#scale,
      fill: new Fill({ color: known ? ink : land }),
      stroke: new Stroke({ color: known ? land : ink, width: 2 * this.#scale }),
      declutterMode: 'obstacle',
    });
    const place: LabelPlace = { dx: left ? -13 : 13, align: left ? 'right' : 'left', weight: picked ? 700 : 500, size: 13 };
    return new Style({
      image: dot,
      ...(text === null ? {} : { text: this.#label(text, 'text', place) }),
      zIndex: picked ? 9 : (RANK[shade] ?? 1),
    });
  }
}
