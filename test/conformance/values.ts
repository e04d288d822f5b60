import fc from "fast-check";

/** Any text that is UTF-8: every database keeps it, but for U+0000. */
export const anyText = fc.string({ unit: "binary" }).map((text) => text.replaceAll("\u0000", "0"));

/** Any 64-bit integer, often near the ends. */
export const anyInteger = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 0n, 2n ** 53n + 1n, -(2n ** 53n) - 1n),
);

/** Any double; minus zero is stored as zero, which it equals. */
export const anyNumber = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(
      5e-324,
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
      2.2250738585072014e-308,
      0.1 + 0.2,
      1e21,
      1e-7,
      123456789012345680,
    ),
  )
  .map((value) => value + 0);

const START = Date.parse("0001-01-01T00:00:00.000Z");
const END = Date.parse("9999-12-31T23:59:59.999Z");

/** Instants that test something: the ends, before 1970, hours that a zone's clock skips or has twice. */
export const INSTANTS = [
  "0001-01-01T00:00:00.000Z",
  "0099-02-28T23:59:59.999Z",
  "1582-10-10T12:00:00.001Z",
  "1899-12-31T23:59:59.999Z",
  "1900-01-01T00:00:00.000Z",
  "1969-12-31T23:59:59.999Z",
  "1970-01-01T00:00:00.000Z",
  "2000-02-29T12:34:56.789Z",
  "2026-03-29T00:59:59.999Z",
  "2026-03-29T01:30:00.123Z",
  "2026-03-29T02:30:00.000Z",
  "2026-10-25T00:30:00.500Z",
  "2026-10-25T01:30:00.500Z",
  "2026-03-08T02:30:00.000Z",
  "2038-01-19T03:14:08.000Z",
  "9999-12-31T23:59:59.999Z",
] as const;

/** Any instant of the years 1 to 9999, to the millisecond. */
export const anyInstant = fc.oneof(
  fc.integer({ min: START, max: END }).map((ms) => new Date(ms).toISOString()),
  fc.constantFrom(...INSTANTS),
);

/** JSON text as the transformer writes it: a list, because drivers give a text alone as text. */
export const anyJson = fc
  .jsonValue({ maxDepth: 4, noUnicodeString: false })
  .map((value) => JSON.stringify([value]).replaceAll("\\u0000", "0"));

/** JSON with the keys of objects in order, which some databases do not keep. */
export function readJson(text: unknown): unknown {
  const value: unknown = typeof text === "string" ? JSON.parse(text) : text;
  return ordered(value);
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, ordered(item)] as const);
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
