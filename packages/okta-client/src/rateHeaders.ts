import type { RateAnswer } from "./types.js";

interface HeaderSource {
  get(name: string): string | null;
}

/**
 * What an answer's headers say about limits. Doubled headers ("600, 600") have happened (Okta's own SDK guards against
 * them): which of the two is right nobody knows, so they count as absent.
 */
export function readRateHeaders(status: number, headers: HeaderSource): RateAnswer {
  return {
    status,
    limit: wholeNumber(headers.get("x-rate-limit-limit")),
    remaining: wholeNumber(headers.get("x-rate-limit-remaining")),
    reset: wholeNumber(headers.get("x-rate-limit-reset")),
    date: readDate(headers),
    retryAfterMs: retryAfter(headers),
  };
}

/** The `Date` header in milliseconds since the epoch. */
export function readDate(headers: HeaderSource): number | null {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? null : date;
}

function retryAfter(headers: HeaderSource): number | null {
  const text = headers.get("retry-after");
  const seconds = wholeNumber(text);
  if (seconds !== null) return seconds * 1000;
  const until = Date.parse(text ?? "");
  const from = readDate(headers);
  return Number.isNaN(until) || from === null ? null : Math.max(0, until - from);
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : null;
}
