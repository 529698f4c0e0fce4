import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { assert } from '@skyeye/foundation';

/** The unit ends the name. A counter's name ends in `_total` besides. */
export const UNITS = ['ms', 'seconds', 'bytes', 'messages', 'events', 'batches', 'ratio', 'count', 'score', 'fen', 'total'] as const;

/** Labels and every value each may take: a closed set, so that no identifier can become a label. */
export type LabelSets = Readonly<Record<string, readonly string[]>>;

interface MetricBase {
  /** Prometheus name, snake case, unit last. */
  readonly name: string;
  readonly says: string;
  readonly labels?: LabelSets;
}
export interface CounterEntry extends MetricBase {
  readonly kind: 'counter';
}
export interface GaugeEntry extends MetricBase {
  readonly kind: 'gauge';
}
export interface HistogramEntry extends MetricBase {
  readonly kind: 'histogram';
  readonly buckets: readonly number[];
}
export type MetricEntry = CounterEntry | GaugeEntry | HistogramEntry;
export type MetricEntries = Readonly<Record<string, MetricEntry>>;

type LabelsOf<E extends MetricEntry> = E extends { readonly labels: infer L extends LabelSets }
  ? { readonly [K in keyof L]: L[K][number] }
  : undefined;
type Arguments<E extends MetricEntry> = LabelsOf<E> extends undefined ? [value?: number] : [value: number, labels: LabelsOf<E>];

/** `add` for a counter, `set` for a gauge, `observe` for a histogram; each takes a value and the labels of its entry. */
export type MetricOf<E extends MetricEntry> = E extends CounterEntry
  ? { add(...args: Arguments<E>): void }
  : E extends GaugeEntry
    ? { set(...args: Arguments<E>): void }
    : { observe(...args: Arguments<E>): void };
export type Metrics<T extends MetricEntries> = { readonly [K in keyof T]: MetricOf<T[K]> };

/**
 * The metrics of one package, checked at load.
 * @throws AssertionError when a name is not snake case with its unit last
 */
export function metricTable<const T extends MetricEntries>(entries: T): T {
  for (const { name, kind } of Object.values(entries)) {
    assert(/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(name), `metric "${name}" is not snake case`);
    assert(
      UNITS.some((unit) => name.endsWith(`_${unit}`)),
      `metric "${name}" does not end with a unit`,
    );
    assert((kind === 'counter') === name.endsWith('_total'), `metric "${name}": a counter, and only a counter, ends in _total`);
  }
  return entries;
}

/** Makes (or finds, when another part of the process made them) the metrics of a table in a registry. */
export function bindMetrics<const T extends MetricEntries>(registry: Registry, entries: T): Metrics<T> {
  const bound: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(entries)) bound[key] = bindOne(registry, entry);
  return bound as Metrics<T>;
}

function bindOne(registry: Registry, entry: MetricEntry): unknown {
  const common = { name: entry.name, help: entry.says, labelNames: Object.keys(entry.labels ?? {}), registers: [registry] };
  const existing = registry.getSingleMetric(entry.name);
  const check = (labels: Record<string, string> = {}): Record<string, string> => {
    for (const [label, value] of Object.entries(labels)) {
      assert(entry.labels?.[label]?.includes(value) === true, `metric ${entry.name}: label ${label} may not be this value`);
    }
    return labels;
  };
  switch (entry.kind) {
    case 'counter': {
      const metric = existing instanceof Counter ? existing : new Counter(common);
      if (entry.labels === undefined) metric.inc(0);
      return { add: (value = 1, labels?: Record<string, string>) => metric.inc(check(labels), value) };
    }
    case 'gauge': {
      const metric = existing instanceof Gauge ? existing : new Gauge(common);
      return { set: (value = 0, labels?: Record<string, string>) => metric.set(check(labels), value) };
    }
    case 'histogram': {
      const metric = existing instanceof Histogram ? existing : new Histogram({ ...common, buckets: [...entry.buckets] });
      return { observe: (value = 0, labels?: Record<string, string>) => metric.observe(check(labels), value) };
    }
  }
}
