import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { history, historyOfEverything, type Step } from "./histories.js";
import { playHistory, type Stage } from "./play-history.js";
import { CORE, EVERYTHING, SELECTION } from "./stages.js";

const LONG = process.env["TIDEMARK_TEST_LONG"] === "1";

describe("random histories", () => {
  test("after a quiet run the warehouse equals the org", { timeout: 3_000_000 }, () =>
    holds(history, CORE, LONG ? 150 : 12),
  );

  test("of everything: after a quiet run, and a reconcile, all tables equal the org", { timeout: 9_000_000 }, () =>
    LONG ? holds(historyOfEverything, EVERYTHING, 100) : holds(historyOfEverything, SELECTION, 3),
  );
});

function holds(histories: fc.Arbitrary<Step[]>, stage: Stage, numRuns: number): Promise<void> {
  const property = fc.asyncProperty(histories, fc.integer({ min: 1, max: 1_000_000 }), async (steps, seed) => {
    expect(await playHistory(steps, { ...stage, org: { ...stage.org, seed } })).toEqual([]);
  });
  return fc.assert(property, { numRuns, endOnFailure: process.env["TIDEMARK_SHRINK"] !== "1" });
}
