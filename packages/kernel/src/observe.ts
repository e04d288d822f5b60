/** Fields of a log line. Values are shown as they are: pass no secret and no person's data. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where the program says what it does. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Counters and gauges; names in snake_case with a unit suffix. */
export interface Metrics {
  add(name: string, value: number, labels?: LogFields): void;
  set(name: string, value: number, labels?: LogFields): void;
}

/** Keeps nothing. */
export const noMetrics: Metrics = { add() {}, set() {} };
