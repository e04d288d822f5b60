import type { Clock } from "@tidemark/kernel";

interface Sleeper {
  readonly ms: number;
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that jumps to the next sleeper whenever nothing else is left to do. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(start = Date.UTC(2026, 2, 3, 10)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper: Sleeper = { ms, at: this.#now + Math.max(0, ms), wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        if (this.#sleepers.delete(sleeper)) reject(signal.reason);
      });
    });
  }

  /** How many sleep for exactly so long. */
  sleeping(ms: number): number {
    return [...this.#sleepers].filter((sleeper) => sleeper.ms === ms).length;
  }

  /** Runs until `work` is done. Time stands still while `busy`, which tells of work that goes over sockets. */
  async run<T>(work: Promise<T>, busy: () => boolean = () => false): Promise<T> {
    let done = false;
    const end = (): void => {
      done = true;
    };
    work.then(end, end);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (done) return work;
      if (!busy()) this.#jump();
    }
  }

  #jump(): void {
    const at = Math.min(...[...this.#sleepers].map((sleeper) => sleeper.at));
    // Nobody sleeps: something is still on its way here, or the test will run into its time-out.
    if (at === Infinity) return;
    this.#now = Math.max(this.#now, at);
    for (const sleeper of this.#sleepers) {
      if (sleeper.at > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
