import type { ErrorCode } from "./codes.js";

/** What every Tidemark error carries besides its message. */
export interface ErrorDetails {
  /** What the reader can do about it; printed below the message. */
  readonly remedy?: string;
  /** Where the fault lies: `tidemark.yaml:12:5 connections.acme.token`, a table, a URL without secrets. */
  readonly where?: string;
  readonly cause?: unknown;
}

/**
 * Base of all errors that Tidemark raises on purpose. The class says whether trying again can help
 * ({@link RetryableError}) or not ({@link TerminalError}); `code` is documented in `codes.ts`.
 * The message says what is wrong and what is true now, and never holds a secret.
 */
export abstract class TidemarkError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly where: string | undefined;
  abstract readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = details.remedy;
    this.where = details.where;
  }
}

/** Trying the same thing again cannot help: somebody has to change something first. */
export class TerminalError extends TidemarkError {
  readonly retryable = false;
}

/** The same call may succeed later. `retryAfterMs` is how long to wait at least, where the other side said so. */
export class RetryableError extends TidemarkError {
  readonly retryable = true;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails & { retryAfterMs?: number } = {}) {
    super(code, message, details);
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The message of anything thrown, for logs and reports. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "" && error.errors.length > 0) {
    return messageOf(error.errors[0]);
  }
  return error instanceof Error ? error.message : String(error);
}

/** True for the error that an aborted AbortSignal produces, and for our own `INTERRUPTED`. */
export function isAbort(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === "AbortError" || (error as { code?: unknown }).code === "INTERRUPTED")
  );
}
