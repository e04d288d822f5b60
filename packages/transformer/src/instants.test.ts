import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { toInstant } from "./instants.js";

describe("toInstant", () => {
  it.each([
    ["2026-02-02T11:27:00.000Z", "2026-02-02T11:27:00.000Z"],
    ["2026-03-04 10:08:01.0", "2026-03-04T10:08:01.000Z"],
    ["2025-08-25 08:25:43.25", "2025-08-25T08:25:43.250Z"],
    ["Wed Mar 04 10:08:01 UTC 2026", "2026-03-04T10:08:01.000Z"],
    ["2026-03-29T13:52:09Z", "2026-03-29T13:52:09.000Z"],
    ["2026-10-04T06:43:40-07:00", "2026-10-04T13:43:40.000Z"],
    ["2026-10-04T06:43:40.5+0530", "2026-10-04T01:13:40.500Z"],
    ["2026-03-29T13:52:09.1239Z", "2026-03-29T13:52:09.123Z"],
    ["2026-03-29T13:52:09", "2026-03-29T13:52:09.000Z"],
    [1766430781000, "2025-12-22T19:13:01.000Z"],
    [1766430781, "2025-12-22T19:13:01.000Z"],
    [0, "1970-01-01T00:00:00.000Z"],
  ])("reads %s", (value, instant) => {
    expect(toInstant(value)).toBe(instant);
  });

  it.each([
    "",
    "never",
    "2026-03-29",
    "2026-02-30T00:00:00.000Z",
    "2025-02-29T00:00:00.000Z",
    "2026-13-01T00:00:00.000Z",
    "2026-01-01T24:00:00.000Z",
    "2026-01-01T00:60:00Z",
    "0000-01-01T00:00:00.000Z",
    "2026-01-01T00:00:00.0a0Z",
    "20x6-01-01T00:00:00.000Z",
    "Wed Foo 04 10:08:01 UTC 2026",
    "Wed Mar 04 10:08:01 PST 2026",
    "2026-01-01T00:00:00+99:00",
    "0001-01-01T00:00:00+01:00",
    1e20,
    Number.NaN,
    true,
    {},
  ])("refuses %s, which no database would take", (value) => {
    expect(toInstant(value)).toBeNull();
  });

  it("gives back every instant of the years 1 to 9999", () => {
    const date = fc.date({
      min: new Date("0001-01-01T00:00:00.000Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (at) => {
        expect(toInstant(at.toISOString())).toBe(at.toISOString());
      }),
    );
  });

  it("never answers with anything but a real instant", () => {
    const digits = fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,4})?Z?$/);
    fc.assert(
      fc.property(fc.oneof(digits, fc.string(), fc.double()), (value) => {
        const instant = toInstant(value);
        expect(instant === null || new Date(instant).toISOString() === instant).toBe(true);
      }),
    );
  });
});
