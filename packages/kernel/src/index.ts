export { backoffMs, type BackoffOptions } from "./backoff.js";
export { type Clock, systemClock } from "./clock.js";
export { ERROR_CODES, type ErrorCode } from "./codes.js";
export { forEachConcurrent, mapOrdered } from "./concurrency.js";
export { type ErrorDetails, isAbort, messageOf, RetryableError, TerminalError, TidemarkError } from "./errors.js";
export { type LogFields, type Logger, type Metrics, noMetrics, silentLogger } from "./observe.js";
export type { Checkpoint, Cursor, Pass, PassMode } from "./pass.js";
