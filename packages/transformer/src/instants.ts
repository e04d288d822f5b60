const DASH = 45;
const COLON = 58;
const DOT = 46;
const UPPER_T = 84;
const UPPER_Z = 90;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** `2026-03-29T13:52:09Z`, `2026-03-04 10:08:01.0`, `2026-10-04T06:43:40-07:00`. */
const ISO_LIKE =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?$/i;
/** `Wed Mar 04 10:08:01 UTC 2026`, as Java writes a date. */
const JAVA = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) (?:UTC|GMT|Z) (\d{4})$/;
/** Epoch numbers below are seconds (up to the year 5138), the others milliseconds (from 1973 on). */
const SMALLEST_EPOCH_MS = 100_000_000_000;
const YEAR_1_MS = -62_135_596_800_000;
const YEAR_10000_MS = 253_402_300_800_000;

/**
 * `YYYY-MM-DDTHH:mm:ss.SSSZ` for every form of a date and time that Okta's answers hold (recorded traffic): that form
 * itself, without milliseconds, with a blank and one decimal, Java's `Wed Mar 04 10:08:01 UTC 2026`, with an offset, and
 * epoch seconds or milliseconds. Without a zone it is UTC. Digits beyond milliseconds are cut. Null for anything else,
 * also for days that do not exist: databases refuse them.
 */
export function toInstant(value: unknown): string | null {
  if (typeof value === "string") return isUsualForm(value) ? value : parseInstant(value);
  return typeof value === "number" ? fromEpoch(value) : null;
}

/** True for a valid `YYYY-MM-DDTHH:mm:ss.SSSZ`: nearly all of Okta's, so it is tested without a regular expression. */
function isUsualForm(text: string): boolean {
  if (text.length !== 24 || text.charCodeAt(23) !== UPPER_Z || text.charCodeAt(10) !== UPPER_T) return false;
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH || text.charCodeAt(19) !== DOT) return false;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return false;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const time = isTime(twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17));
  // The last two of three digits are enough: the first is checked with the one before.
  const fraction = twoDigits(text, 20) >= 0 && twoDigits(text, 21) >= 0;
  return time && fraction && isDay(year, twoDigits(text, 5), twoDigits(text, 8));
}

/** NaN unless both are digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function isTime(hour: number, minute: number, second: number): boolean {
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
}

function isDay(year: number, month: number, day: number): boolean {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= (DAYS_IN_MONTH[month - 1] ?? 0))) return false;
  return month !== 2 || day !== 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

function parseInstant(text: string): string | null {
  const iso = ISO_LIKE.exec(text.trim());
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = iso;
    const digits = `${fraction}000`.slice(0, 3);
    return utc({
      day: `${year}-${month}-${day}`,
      time: `${hour}:${minute}:${second}`,
      digits,
      offsetMinutes: offsetOf(zone),
    });
  }
  const java = JAVA.exec(text.trim());
  if (java) {
    const [, name = "", day, hour, minute, second, year] = java;
    const month = String(MONTHS.indexOf(name) + 1).padStart(2, "0");
    return utc({
      day: `${year}-${month}-${day}`,
      time: `${hour}:${minute}:${second}`,
      digits: "000",
      offsetMinutes: 0,
    });
  }
  return null;
}

interface Parts {
  readonly day: string;
  readonly time: string;
  readonly digits: string;
  readonly offsetMinutes: number | null;
}

function utc({ day, time, digits, offsetMinutes }: Parts): string | null {
  const local = `${day}T${time}.${digits}Z`;
  if (offsetMinutes === null || !isUsualForm(local)) return null;
  return offsetMinutes === 0 ? local : fromMs(Date.parse(local) - offsetMinutes * 60_000);
}

/** Minutes east of UTC; null for an offset that no zone has. */
function offsetOf(zone: string): number | null {
  const sign = zone.startsWith("-") ? -1 : zone.startsWith("+") ? 1 : 0;
  if (sign === 0) return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const hours = twoDigits(digits, 0);
  const minutes = twoDigits(digits, 2);
  return hours <= 15 && minutes <= 59 ? sign * (hours * 60 + minutes) : null;
}

function fromEpoch(value: number): string | null {
  if (!Number.isFinite(value)) return null;
  return fromMs(Math.abs(value) < SMALLEST_EPOCH_MS ? value * 1000 : value);
}

function fromMs(ms: number): string | null {
  return ms >= YEAR_1_MS && ms < YEAR_10000_MS ? new Date(ms).toISOString() : null;
}
