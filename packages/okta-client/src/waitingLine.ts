import type { Closed, RateBucket } from "./rateBucket.js";

/** A request that waits for its bucket. */
export interface Waiter {
  readonly priority: number;
  readonly sequence: number;
  /** The line's throttled time when it joined. */
  readonly throttledBefore: number;
  go(): void;
}

/** Those who wait for one bucket, by priority and then by age, and how long the bucket has kept people waiting. */
export class WaitingLine {
  readonly bucket: RateBucket;
  readonly #waiters: Waiter[] = [];
  #closedSince: number | undefined;
  #throttled = 0;

  constructor(bucket: RateBucket) {
    this.bucket = bucket;
  }

  get length(): number {
    return this.#waiters.length;
  }

  first(): Waiter | undefined {
    return this.#waiters[0];
  }

  add(waiter: Waiter): void {
    let at = this.#waiters.length;
    while (at > 0 && (this.#waiters[at - 1]?.priority ?? 0) < waiter.priority) at -= 1;
    this.#waiters.splice(at, 0, waiter);
  }

  remove(waiter: Waiter): void {
    const at = this.#waiters.indexOf(waiter);
    if (at >= 0) this.#waiters.splice(at, 1);
  }

  /** Asks the bucket, and keeps the time during which it was closed for its rate. */
  check(now: number): Closed | null {
    const closed = this.bucket.closed(now);
    if (closed?.throttled) this.#closedSince ??= now;
    else {
      this.#throttled = this.throttledMs(now);
      this.#closedSince = undefined;
    }
    return closed;
  }

  /** Total time so far that the bucket was closed for its rate, as the checks saw it. */
  throttledMs(now: number): number {
    return this.#throttled + (this.#closedSince === undefined ? 0 : now - this.#closedSince);
  }
}
