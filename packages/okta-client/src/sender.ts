import {
  backoffMs,
  type Clock,
  isAbort,
  type Logger,
  type Metrics,
  RetryableError,
  type TerminalError,
  TidemarkError,
} from "@tidemark/kernel";
import type { Authorizer } from "./auth.js";
import { errorFor, isTooBig, oktaAnswer, shownPath } from "./errors.js";
import type { WireAnswer } from "./exchange.js";
import { looksMisaddressed, networkError } from "./networkErrors.js";
import { readDate, readRateHeaders } from "./rateHeaders.js";
import type { SdkHttp, SdkRequest } from "./sdk.js";
import type { Counters } from "./stats.js";
import type { ServerClock } from "./time.js";
import type { RateLedger } from "./types.js";

/** What all views of a client share. */
export interface SenderParts {
  readonly orgUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly ledger: RateLedger;
  readonly serverClock: ServerClock;
  readonly authorizer: Authorizer;
  transport(): Promise<SdkHttp>;
}

/** One request as a view asks for it. */
export interface Job<T> {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly idempotent: boolean;
  readonly priority: number;
  readonly signal: AbortSignal | undefined;
  readonly counters: Counters;
  /** At most this many tries when the answer may be too big for Okta to make. */
  readonly tries?: number;
  /** Makes the result of a 2xx answer; may throw a RetryableError for one that cannot be used. */
  readonly read: (answer: WireAnswer) => T | Promise<T>;
}

const TRIES = 5;
/** Until the org has answered once, a failure more likely is a wrong address than a passing fault. */
const TRIES_BEFORE_FIRST_ANSWER = 3;
const MALFORMED_TRIES = 3;
/** Waits of a minute each. */
const RATE_TRIES = 10;
const LONGEST_RETRY_AFTER_MS = 60_000;
const BACKOFF = { baseMs: 500, maxMs: 20_000 };

/** Sends requests: waits for the ledger, authorizes each try anew, and tries again where that may help. */
export class Sender {
  readonly parts: SenderParts;
  #answered = false;

  constructor(parts: SenderParts) {
    this.parts = parts;
  }

  async send<T>(job: Job<T>): Promise<T> {
    const tally: Tally = { refused: 0, failed: 0, malformed: 0, renewed: false };
    for (;;) {
      const outcome = await this.#attempt(job);
      if ("value" in outcome) return outcome.value;
      const wait = this.#next(job, outcome, tally);
      if (wait === null) throw outcome.error;
      job.counters.retry();
      this.parts.logger.debug("request tried again", {
        method: job.method,
        path: shownPath(job.url),
        code: outcome.error.code,
        waitMs: Math.round(wait),
      });
      await this.parts.clock.sleep(wait, job.signal);
    }
  }

  async #attempt<T>(job: Job<T>): Promise<{ value: T } | Failure> {
    const { parts } = this;
    const transport = await parts.transport();
    const { method, url, signal } = job;
    const admission = await parts.ledger.admit({
      method,
      path: url.pathname,
      priority: job.priority,
      ...(signal ? { signal } : {}),
    });
    job.counters.sent(admission.bucket, admission.waitedMs, this.parts.clock.now());
    let answer: WireAnswer | undefined;
    const onAnswer = (came: WireAnswer): void => {
      answer = came;
    };
    const request: SdkRequest = { method, headers: { ...job.headers }, body: job.body, signal, onAnswer };
    let failure: unknown;
    try {
      await transport.http(url.href, request, { isCollection: true });
    } catch (error) {
      // With an answer this is the SDK's own error for a status that is not 2xx; ours says more.
      failure = error;
    }
    if (answer) {
      parts.serverClock.learn(readDate(answer.headers));
      this.#answered = true;
    }
    admission.settle(answer ? readRateHeaders(answer.status, answer.headers) : null);
    parts.metrics.add("okta_requests_total", 1, { bucket: admission.bucket, status: answer?.status ?? 0 });
    if (!answer) return { error: this.#noAnswer(failure, job), authorization: undefined };
    if (answer.status >= 200 && answer.status < 300) return this.#read(job, answer);
    return { error: this.#refusal(job, answer), authorization: request.headers["Authorization"] };
  }

  async #read<T>(job: Job<T>, answer: WireAnswer): Promise<{ value: T } | Failure> {
    try {
      return { value: await job.read(answer) };
    } catch (error) {
      if (error instanceof RetryableError) return { error, authorization: undefined };
      throw error;
    }
  }

  #noAnswer(failure: unknown, job: Job<unknown>): RetryableError | TerminalError {
    if (job.signal?.aborted || isAbort(failure)) throw failure;
    if (failure instanceof TidemarkError && !(failure instanceof RetryableError)) throw failure;
    return networkError(failure, { method: job.method, path: shownPath(job.url), orgUrl: this.parts.orgUrl });
  }

  #refusal(job: Job<unknown>, answer: WireAnswer): RetryableError | TerminalError {
    const { authorizer } = this.parts;
    return errorFor({
      method: job.method,
      url: job.url,
      status: answer.status,
      text: answer.body.toString("utf8"),
      headers: answer.headers,
      authKind: authorizer.kind,
      secrets: authorizer.secrets(),
    });
  }

  /** How long to wait before the next try; null = there is none. */
  #next(job: Job<unknown>, failure: Failure, tally: Tally): number | null {
    const { error } = failure;
    const answer = oktaAnswer(error);
    if (this.#newTokenHelps(failure, tally)) return 0;
    if (!error.retryable) return null;
    if (error.code === "OKTA_RATE_LIMITED") {
      // Refused requests were not carried out, so any method may go again; the ledger knows when.
      tally.refused += 1;
      return tally.refused < RATE_TRIES ? 0 : null;
    }
    if (error.code === "OKTA_CURSOR_EXPIRED" || error.code === "OKTA_CONFLICT" || !job.idempotent) return null;
    if (error.code === "OKTA_MALFORMED") {
      tally.malformed += 1;
      return tally.malformed < MALFORMED_TRIES ? backoffMs(tally.malformed, BACKOFF) : null;
    }
    tally.failed += 1;
    const most =
      this.#answered && !(answer === undefined && looksMisaddressed(error)) ? TRIES : TRIES_BEFORE_FIRST_ANSWER;
    const bound = isTooBig(error) ? (job.tries ?? TRIES) : TRIES;
    if (tally.failed >= Math.min(most, bound)) return null;
    const asked = error instanceof RetryableError ? (error.retryAfterMs ?? 0) : 0;
    return Math.max(backoffMs(tally.failed, BACKOFF), Math.min(asked, LONGEST_RETRY_AFTER_MS));
  }

  #newTokenHelps(failure: Failure, tally: Tally): boolean {
    const answer = oktaAnswer(failure.error);
    if (tally.renewed || failure.authorization === undefined || !answer) return false;
    const dead = answer.status === 401 && failure.error.code === "OKTA_TOKEN_INVALID";
    const maybeDead = answer.status === 403 && answer.errorCode === "E0000005";
    const badProof = answer.errorCode === "invalid_dpop_proof" || answer.errorCode === "use_dpop_nonce";
    if (!dead && !maybeDead && !badProof) return false;
    if (this.parts.authorizer.kind === "ssws") return false;
    tally.renewed = true;
    return badProof || this.parts.authorizer.refused(failure.authorization, dead);
  }
}

interface Failure {
  readonly error: RetryableError | TerminalError;
  /** The Authorization header that was refused. */
  readonly authorization: string | undefined;
}

interface Tally {
  refused: number;
  failed: number;
  malformed: number;
  renewed: boolean;
}
