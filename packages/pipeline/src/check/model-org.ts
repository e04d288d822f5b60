import { type Clock, type ErrorCode, TerminalError } from "@tidemark/kernel";
import {
  type BucketState,
  bucketOf,
  createMemoryLedger,
  type OktaClient,
  type OktaPage,
  type OktaResponse,
  type RateAnswer,
  type RateLedger,
} from "@tidemark/okta-client";

const WINDOW_MS = 60_000;

/** An address of the modelled org: how many rows it lists, or that it refuses. */
export interface ModelList {
  readonly rows: number;
  readonly pageSize: number;
  /** What it refuses everybody with. */
  readonly refused?: ErrorCode | null;
  /** What an item looks like, as far as anybody looks. */
  readonly item?: unknown;
}

/** What the model knows of the org's limits. */
export interface ModelLimits {
  readonly share: number;
  readonly buckets: readonly BucketState[];
  /** When our own recent requests are taken to have been sent (ms). */
  readonly askedAt: number;
}

/** Requests of one part of the run. */
export interface ModelCounter {
  requests: number;
}

/** An org that answers with the right number of pages, in the time and at the pace of the real one, and no content. */
export class ModelOrg {
  readonly clock: Clock;
  readonly #lists: ReadonlyMap<string, ModelList>;
  readonly #ledger: RateLedger;
  readonly #windows = new Map<string, Window>();
  readonly #limits: ModelLimits;

  constructor(options: { clock: Clock; lists: ReadonlyMap<string, ModelList>; limits: ModelLimits }) {
    const { clock, limits } = options;
    this.clock = clock;
    this.#limits = limits;
    this.#lists = options.lists;
    this.#ledger = createMemoryLedger({ clock, share: limits.share, random: () => 0.5 });
    for (const bucket of limits.buckets) this.#windows.set(bucket.key, new Window(bucket, clock.now()));
  }

  /** Fills the ledger with what was sent in the last minute, before the run begins. */
  async remember(): Promise<void> {
    for (const bucket of this.#limits.buckets) {
      const path = pathOfBucket(bucket.key);
      for (let sent = 0; sent < bucket.ours && bucket.limit !== null; sent += 1) {
        const admission = await this.#ledger.admit({ method: "GET", path });
        admission.settle(this.#answer(bucket.key, false));
      }
    }
  }

  /** One request, from its turn to its answer. */
  async send(path: string, options: { latencyMs: number; priority: number; counter: ModelCounter }): Promise<void> {
    const admission = await this.#ledger.admit({ method: "GET", path, priority: options.priority });
    options.counter.requests += 1;
    await this.clock.sleep(options.latencyMs);
    admission.settle(this.#answer(admission.bucket, true));
  }

  /** The client as readers of lists use it. */
  client(options: { latencyMs: number; priority: number; counter: ModelCounter }): OktaClient {
    const send = (path: string): Promise<void> => this.send(path, options);
    const list = (path: string): ModelList => this.#lists.get(path) ?? { rows: 0, pageSize: 1 };
    const answer = async (path: string): Promise<OktaResponse> => {
      await send(path);
      const { refused } = list(path);
      if (refused) throw refusal(refused);
      return { status: 200, headers: { get: () => null }, text: "", json: {}, date: null };
    };
    async function* pages(path: string): AsyncGenerator<OktaPage, void, undefined> {
      const { rows, pageSize, refused, item } = list(path);
      const size = Math.max(1, pageSize);
      let coming: Promise<void> | null = send(path);
      for (let left = rows; coming !== null; left -= size) {
        await coming;
        if (refused) throw refusal(refused);
        const last = left <= size;
        // As the real one: the next page is under way while this one is worked on.
        coming = last ? null : send(path);
        const items: unknown[] = Array.from({ length: Math.max(0, Math.min(left, size)) }, () => item);
        yield { items, url: path, next: last ? null : path, date: null, bytes: 0 };
      }
    }
    const never = (): never => {
      throw new Error("the model org answers lists alone");
    };
    return {
      orgUrl: "",
      scoped: never,
      request: never,
      organization: never,
      grants: never,
      get: answer,
      pages,
      now: () => this.clock.now(),
      stats: { requests: 0, throttledMs: 0, retries: 0, byBucket: {} },
      buckets: () => this.#ledger.buckets(),
      close: async () => undefined,
    };
  }

  #answer(key: string, counts: boolean): RateAnswer {
    const now = this.clock.now();
    const date = Math.floor(now / 1000) * 1000;
    const window = this.#windows.get(key);
    if (!window || window.limit === null)
      return { status: 200, limit: null, remaining: null, reset: null, date, retryAfterMs: null };
    const { remaining, reset } = window.count(now, counts);
    return { status: 200, limit: window.limit, remaining, reset, date, retryAfterMs: null };
  }
}

function refusal(code: ErrorCode): TerminalError {
  return new TerminalError(code, "refused");
}

/** Okta's own count of a bucket. Others go on using what they used of the window that was seen. */
class Window {
  readonly limit: number | null;
  readonly #others: number;
  #used: number;
  #endsAt: number;

  constructor(bucket: BucketState, now: number) {
    this.limit = bucket.limit;
    this.#others = othersIn(bucket) ?? 0;
    this.#used =
      bucket.remaining === null || bucket.limit === null
        ? 0
        : Math.max(0, bucket.limit - bucket.remaining - this.#others);
    this.#endsAt = bucket.resetAt ?? now + WINDOW_MS;
  }

  count(now: number, counts: boolean): { remaining: number; reset: number } {
    while (now >= this.#endsAt) {
      this.#endsAt += WINDOW_MS;
      this.#used = 0;
    }
    if (counts) this.#used += 1;
    const remaining = Math.max(0, (this.limit ?? 0) - this.#others - this.#used);
    return { remaining, reset: Math.ceil(this.#endsAt / 1000) };
  }
}

/** What others used of a bucket's present window, as far as the headers and our own count tell; null when they do not. */
export function othersIn(bucket: BucketState): number | null {
  if (bucket.limit === null || bucket.remaining === null) return null;
  return Math.max(0, bucket.limit - bucket.remaining - bucket.ours);
}

/** A path that counts in the bucket. */
export function pathOfBucket(key: string): string {
  if (key === "unlimited") return "/.well-known/x";
  const path = key.replace(/^[A-Z ]+ /, "").replaceAll(/\{[^}]*\}/g, "x");
  return bucketOf("GET", path) === key ? path : "/x";
}
