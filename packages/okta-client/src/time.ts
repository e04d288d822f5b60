import { systemClock, type Clock } from "@tidemark/kernel";

/**
 * Milliseconds that only go forward: waits and windows must not depend on somebody setting the machine's clock. An
 * injected clock is taken as it is.
 */
export function steadyNow(clock: Clock): () => number {
  if (clock !== systemClock) return () => clock.now();
  const origin = Date.now() - performance.now();
  return () => origin + performance.now();
}

/** Okta's clock, learned from its `Date` headers. */
export interface ServerClock {
  /** Milliseconds since the epoch; never ahead of Okta, up to a second and the network's latency behind. */
  now(): number;
  /** Takes the `Date` header of an answer that has just come. */
  learn(date: number | null): void;
}

/** Falls back to the machine's clock before the first answer. */
export function serverClock(clock: Clock): ServerClock {
  const steady = steadyNow(clock);
  let last: { date: number; at: number } | undefined;
  return {
    now: () => Math.floor(last ? last.date + (steady() - last.at) : clock.now()),
    learn(date) {
      if (date !== null) last = { date, at: steady() };
    },
  };
}
