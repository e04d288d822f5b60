import { backoffMs, noMetrics, systemClock, type Clock, type Metrics } from "@tidemark/kernel";
import { bucketOf, isUnlimited } from "./buckets.js";
import { isConcurrencyRefusal, RateBucket } from "./rateBucket.js";
import { steadyNow } from "./time.js";
import type { Admission, AdmissionRequest, BucketState, RateAnswer, RateLedger } from "./types.js";
import { WaitingLine, type Waiter } from "./waitingLine.js";

/** Options of {@link createMemoryLedger}; all have the defaults of OktaClientOptions. */
export interface LedgerOptions {
  readonly share?: number;
  readonly reserve?: number;
  readonly maxConcurrency?: number;
  readonly clock?: Clock;
  readonly metrics?: Metrics;
  /** 0 ≤ random() < 1, for jitter. */
  readonly random?: () => number;
}

/** A ledger whose bounds another client of the same principal may lower. */
export interface MemoryLedger extends RateLedger {
  /** From now on the lower of the present and the given bounds holds. */
  tighten(options: Pick<LedgerOptions, "share" | "reserve" | "maxConcurrency">): void;
}

const DEFAULT_SHARE = 0.5;
const DEFAULT_RESERVE = 0.1;
/** At Okta's usual latency this fills every default bucket; more in parallel only earns 429s. */
const DEFAULT_CONCURRENCY = 10;
const JITTER_MS = 500;
const CONCURRENCY_PAUSE = { baseMs: 1_000, maxMs: 15_000 };
/** Good answers after which one more request may go in parallel again. */
const RECOVERY = 20;

/**
 * The rate ledger of one process. A request goes when its bucket has room and fewer than `maxConcurrency` are under
 * way; buckets never wait for each other but through that bound, where the higher priority goes first.
 */
export function createMemoryLedger(options: LedgerOptions = {}): MemoryLedger {
  return new Ledger(options);
}

class Ledger implements MemoryLedger {
  readonly #clock: Clock;
  readonly #now: () => number;
  readonly #metrics: Metrics;
  readonly #random: () => number;
  readonly #lines = new Map<string, WaitingLine>();
  #share: number;
  #reserve: number;
  #ceiling: number;
  #parallel: number;
  #inFlight = 0;
  #goodAnswers = 0;
  #cuts = 0;
  #lastCut = -Infinity;
  #pausedUntil = -Infinity;
  #sequence = 0;
  #alarm: { at: number; abort: AbortController } | undefined;

  constructor(options: LedgerOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#now = steadyNow(this.#clock);
    this.#metrics = options.metrics ?? noMetrics;
    this.#random = options.random ?? Math.random;
    this.#share = options.share ?? DEFAULT_SHARE;
    this.#reserve = options.reserve ?? DEFAULT_RESERVE;
    this.#ceiling = options.maxConcurrency ?? DEFAULT_CONCURRENCY;
    this.#parallel = this.#ceiling;
  }

  tighten(options: Pick<LedgerOptions, "share" | "reserve" | "maxConcurrency">): void {
    this.#share = Math.min(this.#share, options.share ?? DEFAULT_SHARE);
    this.#reserve = Math.max(this.#reserve, options.reserve ?? DEFAULT_RESERVE);
    this.#ceiling = Math.min(this.#ceiling, options.maxConcurrency ?? DEFAULT_CONCURRENCY);
    this.#parallel = Math.min(this.#parallel, this.#ceiling);
  }

  async admit(request: AdmissionRequest): Promise<Admission> {
    request.signal?.throwIfAborted();
    const line = this.#line(bucketOf(request.method, request.path));
    return new Promise<Admission>((resolve, reject) => {
      const onAbort = (): void => {
        line.remove(waiter);
        reject(request.signal?.reason);
        this.#pump();
      };
      const waiter: Waiter = {
        priority: request.priority ?? 0,
        sequence: this.#sequence++,
        throttledBefore: line.throttledMs(this.#now()),
        go: () => {
          request.signal?.removeEventListener("abort", onAbort);
          resolve(this.#admission(line, waiter));
        },
      };
      request.signal?.addEventListener("abort", onAbort, { once: true });
      line.add(waiter);
      this.#pump();
    });
  }

  buckets(): readonly BucketState[] {
    const now = this.#now();
    return [...this.#lines.values()].map((line) => line.bucket.state(now, line.length));
  }

  #line(key: string): WaitingLine {
    let line = this.#lines.get(key);
    if (!line) {
      const limits = (): { share: number; reserve: number } => ({ share: this.#share, reserve: this.#reserve });
      line = new WaitingLine(new RateBucket(key, limits, isUnlimited(key)));
      this.#lines.set(key, line);
    }
    return line;
  }

  #admission(line: WaitingLine, waiter: Waiter): Admission {
    const sentAt = this.#now();
    line.bucket.sent();
    this.#inFlight += 1;
    let settled = false;
    return {
      bucket: line.bucket.key,
      waitedMs: line.throttledMs(sentAt) - waiter.throttledBefore,
      settle: (answer) => {
        if (settled) return;
        settled = true;
        this.#settle(line.bucket, sentAt, answer);
      },
    };
  }

  #settle(bucket: RateBucket, sentAt: number, answer: RateAnswer | null): void {
    const now = this.#now();
    this.#inFlight -= 1;
    bucket.ended(now, answer, this.#random() * JITTER_MS);
    if (answer) {
      this.#adaptParallelism(answer, sentAt, now);
      if (answer.remaining !== null) this.#metrics.set("okta_rate_remaining", answer.remaining, { bucket: bucket.key });
    }
    this.#pump();
  }

  /** Halves on a concurrency 429, once per wave: those sent before the cut tell nothing about it. Recovers by one. */
  #adaptParallelism(answer: RateAnswer, sentAt: number, now: number): void {
    if (isConcurrencyRefusal(answer)) {
      this.#goodAnswers = 0;
      if (sentAt <= this.#lastCut) return;
      this.#lastCut = now;
      this.#cuts += 1;
      this.#parallel = Math.max(1, Math.floor(this.#parallel / 2));
      this.#pausedUntil = now + backoffMs(this.#cuts, { ...CONCURRENCY_PAUSE, random: this.#random });
    } else if (answer.status < 400 && ++this.#goodAnswers >= RECOVERY) {
      this.#cuts = 0;
      this.#goodAnswers = 0;
      this.#parallel = Math.min(this.#ceiling, this.#parallel + 1);
    }
  }

  /** Lets go whoever may go, and sets the alarm for the next one whose time is known. */
  #pump(): void {
    const now = this.#now();
    for (;;) {
      let wake = Infinity;
      let best: { line: WaitingLine; waiter: Waiter } | undefined;
      for (const line of this.#lines.values()) {
        const waiter = line.first();
        const closed = line.check(now);
        if (!waiter) continue;
        if (closed) wake = Math.min(wake, closed.until);
        else if (
          !best ||
          waiter.priority > best.waiter.priority ||
          (waiter.priority === best.waiter.priority && waiter.sequence < best.waiter.sequence)
        ) {
          best = { line, waiter };
        }
      }
      const full = this.#inFlight >= this.#parallel;
      if (!best || full || now < this.#pausedUntil) {
        if (best && !full) wake = Math.min(wake, this.#pausedUntil);
        this.#setAlarm(wake, now);
        return;
      }
      best.line.remove(best.waiter);
      best.waiter.go();
    }
  }

  /** One sleep at most is pending, and none that nobody needs: an injected clock must not be dragged along by it. */
  #setAlarm(at: number, now: number): void {
    if (this.#alarm?.at === at) return;
    this.#alarm?.abort.abort();
    this.#alarm = undefined;
    if (at === Infinity) return;
    const abort = new AbortController();
    const alarm = { at, abort };
    this.#alarm = alarm;
    // Rounded up: a timer that fires a fraction early would find the bucket still closed.
    this.#clock.sleep(Math.ceil(at - now), abort.signal).then(
      () => {
        if (this.#alarm === alarm) this.#alarm = undefined;
        this.#pump();
      },
      () => undefined,
    );
  }
}
