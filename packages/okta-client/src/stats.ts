import type { OktaStats } from "./types.js";

/** Counters of a client or view; what a view counts, those above it count too. */
export class Counters implements OktaStats {
  requests = 0;
  throttledMs = 0;
  retries = 0;
  readonly byBucket: Record<string, number> = {};
  readonly #above: Counters | undefined;
  /** Waiting is counted up to here (ms): requests that wait side by side waste one time, not several. */
  #waitedUntil = 0;

  constructor(above?: Counters) {
    this.#above = above;
  }

  /** Counts a request that is sent at `now` (ms) after it waited for `waitedMs`. */
  sent(bucket: string, waitedMs: number, now: number): void {
    this.requests += 1;
    if (waitedMs > 0) {
      this.throttledMs += Math.max(0, now - Math.max(now - waitedMs, this.#waitedUntil));
      this.#waitedUntil = Math.max(this.#waitedUntil, now);
    }
    this.byBucket[bucket] = (this.byBucket[bucket] ?? 0) + 1;
    this.#above?.sent(bucket, waitedMs, now);
  }

  retry(): void {
    this.retries += 1;
    this.#above?.retry();
  }

  snapshot(): OktaStats {
    return {
      requests: this.requests,
      throttledMs: this.throttledMs,
      retries: this.retries,
      byBucket: { ...this.byBucket },
    };
  }
}
