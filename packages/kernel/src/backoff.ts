/** How long to wait between tries. */
export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
  /** 0 ≤ random() < 1; injected so that tests repeat. */
  readonly random?: () => number;
}

/** Delay before try number `attempt` (1 = the first retry): exponential with full jitter over its upper half. */
export function backoffMs(attempt: number, options: BackoffOptions): number {
  const ceiling = Math.min(options.maxMs, options.baseMs * 2 ** (attempt - 1));
  const random = options.random ?? Math.random;
  return ceiling / 2 + (random() * ceiling) / 2;
}
