import type { BucketState, RateAnswer } from "./types.js";

/** Okta counts in windows of a minute (docs); ours slides, so it holds wherever Okta's begins. */
const WINDOW_MS = 60_000;
/** Added to Okta's reset after a 429: the `Date` header and the window's end are whole seconds of two clocks. */
const RESET_MARGIN_MS = 1_000;
/** No window lasts longer than this; a reset further away comes from a clock that is wrong. */
const LONGEST_WAIT_MS = WINDOW_MS + RESET_MARGIN_MS;
const BLIND_WAIT_MS = 5_000;
/** How long a ceiling that a refusal taught is believed. */
const CEILING_MS = 10 * WINDOW_MS;

/** Shares that the buckets of a ledger are held to. */
export interface BucketLimits {
  readonly share: number;
  readonly reserve: number;
}

/**
 * - `unknown`: no answer yet. One request goes alone to learn the limit.
 * - `absent`: the server answers without rate headers. Nothing to hold to.
 * - `limited`: the last limit seen counts.
 */
type Knowledge = "unknown" | "absent" | "limited";

/** Why and how long a bucket is closed. `Infinity`: until an answer comes. */
export interface Closed {
  readonly until: number;
  /** False while a first request explores the limit: that wait is latency, not throttling. */
  readonly throttled: boolean;
}

const EXPLORING: Closed = { until: Infinity, throttled: false };

/** One rate bucket: our requests in the sliding minute, and Okta's own count of it. */
export class RateBucket {
  readonly key: string;
  readonly #limits: () => BucketLimits;
  #knowledge: Knowledge;
  #limit = 0;
  #remaining = 0;
  #reset = 0;
  #resetAt = -Infinity;
  #blockedUntil = -Infinity;
  /** End of the window that was under way when we first asked. */
  #firstReset: number | null = null;
  #blindRefusals = 0;
  #ceiling = Infinity;
  #ceilingUntil = -Infinity;
  #inFlight = 0;
  /** When each ended request leaves the sliding minute; ascending, from #head on. */
  readonly #expiries: number[] = [];
  #head = 0;

  constructor(key: string, limits: () => BucketLimits, unlimited: boolean) {
    this.key = key;
    this.#limits = limits;
    this.#knowledge = unlimited ? "absent" : "unknown";
  }

  /** Null when a request may go now. */
  closed(now: number): Closed | null {
    if (now < this.#blockedUntil) return { until: this.#blockedUntil, throttled: true };
    if (this.#knowledge === "absent") return null;
    if (this.#knowledge === "unknown") return this.#inFlight === 0 ? null : EXPLORING;
    if (this.#ours(now) >= Math.min(this.#capacity(), now < this.#ceilingUntil ? this.#ceiling : Infinity))
      return { until: this.#expiries[this.#head] ?? Infinity, throttled: true };
    if (now < this.#resetAt && this.#remaining - this.#inFlight <= this.#reserved()) {
      // Answers under way may show more room than this careful count, which takes none of them as counted yet.
      const certain = this.#inFlight === 0 || this.#remaining <= this.#reserved();
      return { until: certain ? this.#resetAt : Infinity, throttled: true };
    }
    return null;
  }

  sent(): void {
    this.#inFlight += 1;
  }

  /** A request ended: Okta counted it at some moment before now, so it leaves the minute a minute from now. */
  ended(now: number, answer: RateAnswer | null, jitterMs: number): void {
    this.#inFlight -= 1;
    this.#prune(now);
    this.#expiries.push(now + WINDOW_MS);
    if (!answer) return;
    this.#learn(now, answer);
    if (answer.status === 429 && !isConcurrencyRefusal(answer)) this.#block(now, answer, jitterMs);
    else if (answer.status < 400) this.#blindRefusals = 0;
  }

  state(now: number, waiting: number): BucketState {
    const limited = this.#knowledge === "limited";
    const current = limited && now < this.#resetAt;
    return {
      key: this.key,
      limit: limited ? this.#limit : null,
      remaining: current ? this.#remaining : null,
      resetAt: current ? this.#resetAt : null,
      ours: this.#ours(now),
      inFlight: this.#inFlight,
      waiting,
    };
  }

  #learn(now: number, answer: RateAnswer): void {
    const { limit, remaining, reset } = answer;
    if (limit === null || limit === 0) {
      // A gateway's 5xx says nothing about Okta's limits; an ordinary answer without them says there are none to see.
      if (this.#knowledge === "unknown" && answer.status < 429) this.#knowledge = "absent";
      return;
    }
    const resetAt = reset === null ? -Infinity : now + Math.min(LONGEST_WAIT_MS, reset * 1000 - (answer.date ?? now));
    // Two limits under one key: Okta tells apart what our table does not. The stricter one holds while its window lasts.
    if (this.#knowledge === "limited" && limit > this.#limit && now < this.#resetAt) return;
    const sameWindow = this.#knowledge === "limited" && limit === this.#limit && reset === this.#reset;
    const late = this.#knowledge === "limited" && limit === this.#limit && reset !== null && reset < this.#reset;
    if (late) return;
    this.#knowledge = "limited";
    this.#firstReset ??= reset;
    this.#limit = limit;
    // Answers may overtake each other; the lowest count of a window is the newest.
    this.#remaining = sameWindow ? Math.min(this.#remaining, remaining ?? Infinity) : (remaining ?? Infinity);
    this.#reset = reset ?? 0;
    this.#resetAt = resetAt;
  }

  #block(now: number, answer: RateAnswer, jitterMs: number): void {
    if ((answer.remaining ?? 0) > 0 && now >= this.#blockedUntil) {
      // The bucket had room, so it is the principal's own part that is used up: an admin may have set it below our share
      // (Okta docs: principal rate limits). What went through in the last minute is about what it is; but of the window
      // that was under way when we came, another process of the same principal may have used a part.
      const seen = this.#expiries.length - this.#head - 1;
      const whole = answer.reset === this.#firstReset ? (answer.limit ?? 0) - (answer.remaining ?? 0) - 1 : 0;
      this.#ceiling = Math.max(1, seen, whole);
      this.#ceilingUntil = now + CEILING_MS;
    }
    let wait: number;
    if (answer.reset !== null) wait = answer.reset * 1000 - (answer.date ?? now) + RESET_MARGIN_MS;
    else wait = answer.retryAfterMs ?? BLIND_WAIT_MS * 2 ** this.#blindRefusals++;
    this.#blockedUntil = Math.max(this.#blockedUntil, now + Math.min(LONGEST_WAIT_MS, Math.max(0, wait)) + jitterMs);
  }

  #capacity(): number {
    return Math.max(1, Math.floor(this.#limits().share * this.#limit + 1e-9));
  }

  #reserved(): number {
    return Math.min(Math.floor(this.#limits().reserve * this.#limit), this.#limit - this.#capacity());
  }

  #ours(now: number): number {
    this.#prune(now);
    return this.#inFlight + this.#expiries.length - this.#head;
  }

  #prune(now: number): void {
    while ((this.#expiries[this.#head] ?? Infinity) <= now) this.#head += 1;
    if (this.#head > 1000 && this.#head * 2 > this.#expiries.length) {
      this.#expiries.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

/** A 429 for too many requests at once, not too many a minute: limit and remaining are both 0 (Okta docs). */
export function isConcurrencyRefusal(answer: RateAnswer): boolean {
  return answer.status === 429 && answer.limit === 0 && (answer.remaining ?? 0) === 0;
}
