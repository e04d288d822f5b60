const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** What a duration may look like, for messages. */
export const DURATION_FORM = "a duration such as 90s, 15m, 24h, 30d or 1h30m";

/** Regular expression of a duration, for the JSON Schema. */
export const DURATION_PATTERN = "^\\s*(\\d+\\s*(ms|s|m|h|d|w)\\s*)+$";

/** Milliseconds of `24h`, `15m`, `30d`, `1h30m`; null when it is none or is zero. */
export function parseDuration(text: string): number | null {
  if (!new RegExp(DURATION_PATTERN).test(text)) return null;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)\s*(ms|s|m|h|d|w)/g)) {
    total += Number(count) * (UNITS[unit ?? ""] ?? Number.NaN);
  }
  return Number.isSafeInteger(total) && total > 0 ? total : null;
}

/** `90061000` → `1d 1h 1m 1s`. Sub-second remainders are rounded away above one second. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  const parts: string[] = [];
  let rest = Math.round(ms / 1_000) * 1_000;
  for (const unit of ["d", "h", "m", "s"]) {
    const size = UNITS[unit] ?? 1;
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * size;
  }
  return parts.join(" ");
}
