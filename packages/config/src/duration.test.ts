import fc from "fast-check";
import { expect, test } from "vitest";

import { formatDuration, parseDuration } from "./duration.js";

test("durations are read in milliseconds", () => {
  const texts = ["90s", "15m", "24h", "30d", "2w", "1h30m", "1d 2h", "250ms", "0h", "24", "h", "-1h", "1.5h", "1y", ""];
  expect(texts.map(parseDuration)).toEqual([
    90_000,
    900_000,
    86_400_000,
    2_592_000_000,
    1_209_600_000,
    5_400_000,
    93_600_000,
    250,
    ...Array.from({ length: 7 }, () => null),
  ]);
});

test("what is formatted reads back as the same time", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000_000 }),
      (seconds) => parseDuration(formatDuration(seconds * 1000)) === seconds * 1000,
    ),
  );
});
