import { subscribe, unsubscribe } from "node:diagnostics_channel";

import type { Clock } from "@tidemark/kernel";
import pg from "pg";

interface Sleeper {
  readonly ms: number;
  readonly at: number;
  readonly wake: () => void;
}

/** The loop has to find nothing to do this often before time moves: an answer may be between two of its rounds. */
const QUIET_ROUNDS = 3;

/**
 * One clock for a simulated org and for Tidemark. It stands still while requests, their handling or statements of the
 * database are under way, and else jumps to the next sleeper: hours of waiting for rate limits pass in seconds.
 * What we and the database do takes no time by it.
 */
export class JumpingClock implements Clock {
  #now: number;
  readonly #latencyMs: number;
  readonly #sleepers = new Set<Sleeper>();
  readonly #clients = new Set<pg.Client>();
  readonly #connect = pg.Client.prototype.connect;
  #requests = 0;
  #stopped = false;

  /** `latencyMs` is the simulator's: who sleeps for so long is one of its answers. */
  constructor(latencyMs: number, start: number = Date.now()) {
    this.#latencyMs = latencyMs;
    this.#now = start;
    subscribe("http.client.request.start", this.#onRequest);
    subscribe("http.client.response.finish", this.#onAnswer);
    const clients = this.#clients;
    const connect = this.#connect as (...all: unknown[]) => unknown;
    // Clients are watched from their first moment, whoever makes them.
    pg.Client.prototype.connect = function connectWatched(this: pg.Client, ...all: unknown[]) {
      clients.add(this);
      this.once("end", () => clients.delete(this));
      return connect.apply(this, all);
    } as typeof pg.Client.prototype.connect;
    void this.#run();
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
      const sleeper: Sleeper = { ms, at: this.#now + Math.max(0, ms), wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        if (this.#sleepers.delete(sleeper)) reject(signal.reason);
      });
    });
  }

  stop(): void {
    this.#stopped = true;
    unsubscribe("http.client.request.start", this.#onRequest);
    unsubscribe("http.client.response.finish", this.#onAnswer);
    pg.Client.prototype.connect = this.#connect;
  }

  readonly #onRequest = (): void => {
    this.#requests += 1;
  };

  readonly #onAnswer = (): void => {
    this.#requests -= 1;
  };

  async #run(): Promise<void> {
    for (let quiet = 0; !this.#stopped; quiet = this.#isBusy() ? 0 : quiet + 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (quiet < QUIET_ROUNDS || this.#isBusy()) continue;
      quiet = 0;
      this.#jump();
    }
  }

  #isBusy(): boolean {
    const answers = [...this.#sleepers].filter(({ ms }) => ms === this.#latencyMs).length;
    if (this.#requests > answers) return true;
    return [...this.#clients].some((client) => (client as { readyForQuery?: boolean }).readyForQuery === false);
  }

  #jump(): void {
    const at = Math.min(...[...this.#sleepers].map((sleeper) => sleeper.at));
    if (at === Infinity) return;
    this.#now = Math.max(this.#now, at);
    for (const sleeper of this.#sleepers) {
      if (sleeper.at > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
