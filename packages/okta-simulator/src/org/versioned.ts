/** One state of an entry, from `at` (milliseconds) on; `value` null = deleted. */
interface Version<V> {
  readonly at: number;
  readonly value: V | null;
  previous: Version<V> | undefined;
}

/**
 * A map that can be read as it was a moment ago: Okta's lists, member lists and search show a state that is some
 * milliseconds to minutes old, only the single GET is fresh (Okta docs, recorded traffic).
 * Values are never changed in place: a write sets a new one.
 */
export class VersionedMap<V> {
  #entries = new Map<number, Version<V>>();
  #sorted: number[] | undefined;
  readonly #keepMs: number;

  /** Versions older than `keepMs` are forgotten at the next write of their key. */
  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  /** The value as of `at` (Infinity = now); null = deleted by then; undefined = no entry by then. */
  get(key: number, at = Infinity): V | null | undefined {
    let version = this.#entries.get(key);
    while (version && version.at > at) version = version.previous;
    return version?.value;
  }

  set(key: number, value: V | null, now: number): void {
    const previous = this.#entries.get(key);
    if (previous === undefined) this.#sorted = undefined;
    if (this.#keepMs === 0) {
      this.#entries.set(key, { at: now, value, previous: undefined });
      return;
    }
    for (let old = previous; old; old = old.previous) if (old.at <= now - this.#keepMs) old.previous = undefined;
    this.#entries.set(key, { at: now, value, previous });
  }

  /** All keys ever set, ascending. */
  keys(): readonly number[] {
    if (this.#sorted === undefined) this.#sorted = [...this.#entries.keys()].sort((a, b) => a - b);
    return this.#sorted;
  }

  get size(): number {
    return this.#entries.size;
  }
}

/** Position of the first element greater than `value` in the ascending `sorted`. */
export function firstAbove(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
