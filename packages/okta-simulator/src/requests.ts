/** What was asked of the simulator, for tests that count requests. */
export class RequestLog {
  #byPath = new Map<string, number>();
  #count = 0;

  /** Remembers a request; ids in its path are folded to `{id}`. */
  add(method: string, path: string): void {
    this.#count++;
    const key = `${method} ${path.replace(/\/(00[a-zA-Z]|0oa|0pr|oty|osc|ra1|000)[0-9A-Za-z]{17}(?=\/|$)/g, "/{id}")}`;
    this.#byPath.set(key, (this.#byPath.get(key) ?? 0) + 1);
  }

  /** How many since the last {@link clear}; with `pattern`, only those whose `METHOD /path/{id}` it matches. */
  count(pattern?: RegExp): number {
    if (!pattern) return this.#count;
    let sum = 0;
    for (const [key, count] of this.#byPath) if (pattern.test(key)) sum += count;
    return sum;
  }

  /** Requests by `METHOD /path/{id}`. */
  byPath(): Record<string, number> {
    return Object.fromEntries(this.#byPath);
  }

  clear(): void {
    this.#count = 0;
    this.#byPath = new Map();
  }
}
