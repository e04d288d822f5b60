import type { Clock } from "@tidemark/kernel";

/** A clock that stands still until it is told to move; sleeping moves it at once. One drives Okta and Tidemark alike. */
export class VirtualClock implements Clock {
  #now: number;

  constructor(start: number = Date.UTC(2026, 5, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#now += Math.max(0, ms);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
