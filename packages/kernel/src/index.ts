export { backoffMs, type BackoffOptions } from "./backoff.js";
export { type Clock, systemClock } from "./clock.js";
export { ERROR_CODES, type ErrorCode } from "./codes.js";
export { forEachConcurrent, mapOrdered } from "./concurrency.js";
export {
  chooseTls,
  type DatabaseUrl,
  readDatabaseUrl,
  type TlsFault,
  type TlsMode,
  type TlsWishes,
} from "./database-url.js";
export { type ErrorDetails, isAbort, messageOf, RetryableError, TerminalError, TidemarkError } from "./errors.js";
export { isLoopback } from "./loopback.js";
export { type LogFields, type Logger, type Metrics, noMetrics, silentLogger } from "./observe.js";
export type { Checkpoint, Cursor, Pass, PassMode } from "./pass.js";
