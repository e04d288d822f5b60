import type { OktaStats } from "./types.js";

/** Counters of a client or view; what a view counts, those above it count too. */
export class Counters implements OktaStats {
  requests = 0;
  throttledMs = 0;
  retries = 0;
  readonly byBucket: Record<string, number> = {};
  readonly #above: Counters | undefined;

  constructor(above?: Counters) {
    this.#above = above;
  }

  sent(bucket: string, waitedMs: number): void {
    this.requests += 1;
    this.throttledMs += waitedMs;
    this.byBucket[bucket] = (this.byBucket[bucket] ?? 0) + 1;
    this.#above?.sent(bucket, waitedMs);
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
