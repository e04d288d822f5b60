import type { Clock } from "@tidemark/kernel";

interface Sleeper {
  readonly at: number;
  readonly sequence: number;
  wake: (() => void) | null;
}

/** The clock of a run that is only thought through: it jumps to the next sleeper whenever nobody has anything left to do. */
export class ModelClock implements Clock {
  #now: number;
  #sequence = 0;
  /** A binary heap, the earliest first. */
  readonly #sleepers: Sleeper[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const sleeper: Sleeper = { at: this.#now + Math.max(0, ms), sequence: this.#sequence++, wake: resolve };
      this.#push(sleeper);
      signal?.addEventListener("abort", () => {
        sleeper.wake = null;
        reject(signal.reason);
      });
    });
  }

  /** Lets time pass until `work` is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const end = (): void => {
      done = true;
    };
    work.then(end, end);
    for (;;) {
      // What is awake are promises alone; all of them have come as far as they can when this resolves.
      await new Promise((resolve) => setImmediate(resolve));
      if (done) return work;
      const next = this.#pop();
      if (!next) throw new Error("the model waits for nothing");
      this.#now = next.at;
      next.wake?.();
      while (this.#sleepers[0]?.at === this.#now) this.#pop()?.wake?.();
    }
  }

  #push(sleeper: Sleeper): void {
    const heap = this.#sleepers;
    let at = heap.length;
    heap.push(sleeper);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (before(heap[parent], sleeper)) break;
      heap[at] = heap[parent] ?? sleeper;
      heap[parent] = sleeper;
      at = parent;
    }
  }

  /** The earliest sleeper that nobody woke before its time. */
  #pop(): Sleeper | undefined {
    for (;;) {
      const first = this.#remove();
      if (!first || first.wake !== null) return first;
    }
  }

  #remove(): Sleeper | undefined {
    const heap = this.#sleepers;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || first === last) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child += 1;
      if (before(last, heap[child])) break;
      heap[at] = heap[child] ?? last;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function before(a: Sleeper | undefined, b: Sleeper | undefined): boolean {
  if (!a || !b) return a !== undefined;
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}
