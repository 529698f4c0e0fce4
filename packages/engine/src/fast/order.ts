/** The value that `values` would have at an index if they were sorted; they are left in another order. */
export function selected(values: Float64Array, n: number, index: number): number {
  let [low, high] = [0, n - 1];
  while (low < high) {
    const pivot = values[(low + high) >>> 1] as number;
    let [from, to] = [low, high];
    while (from <= to) {
      while ((values[from] as number) < pivot) from += 1;
      while ((values[to] as number) > pivot) to -= 1;
      if (from > to) break;
      const value = values[from] as number;
      values[from++] = values[to] as number;
      values[to--] = value;
    }
    if (index <= to) high = to;
    else if (index >= from) low = from;
    else break;
  }
  return values[index] as number;
}

export function areWhole(values: Float64Array, n: number): boolean {
  for (let index = 0; index < n; index++) if (!Number.isSafeInteger(values[index])) return false;
  return true;
}

export function sort(values: Float64Array, n: number): void {
  if (n > 32) {
    values.subarray(0, n).sort();
    return;
  }
  for (let index = 1; index < n; index++) {
    const value = values[index] as number;
    let at = index;
    while (at > 0 && (values[at - 1] as number) > value) {
      values[at] = values[at - 1] as number;
      at -= 1;
    }
    values[at] = value;
  }
}
