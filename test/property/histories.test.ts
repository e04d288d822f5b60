import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { history, historyOfEverything, type Step } from "./histories.js";
import { playHistory, type Stage } from "./play-history.js";
import { CORE, EVERYTHING, SELECTION } from "./stages.js";

const LONG = process.env["TIDEMARK_TEST_LONG"] === "1";

describe("random histories", () => {
  test("after a quiet run the warehouse equals the org", { timeout: 3_000_000 }, async () => {
    expect(await failureOf(history, CORE, LONG ? 150 : 12)).toBeNull();
  });

  test(
    "of everything: after a quiet run, and a reconcile, all tables equal the org",
    { timeout: 3_000_000 },
    async () => {
      const [stage, runs] = LONG ? [EVERYTHING, 25] : [SELECTION, 3];
      expect(await failureOf(historyOfEverything, stage, runs)).toBeNull();
    },
  );
});

/** What the first history that does not hold looks like, and why. */
async function failureOf(histories: fc.Arbitrary<Step[]>, stage: Stage, numRuns: number): Promise<string | null> {
  const property = fc.asyncProperty(histories, fc.integer({ min: 1, max: 1_000_000 }), async (steps, seed) => {
    const found = await playHistory(steps, { ...stage, org: { ...stage.org, seed } });
    if (found.length > 0) throw new Error(found.join("\n"));
  });
  const details = await fc.check(property, {
    numRuns,
    endOnFailure: process.env["TIDEMARK_SHRINK"] !== "1",
    ...replay(),
  });
  if (!details.failed) return null;
  const why = details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance);
  return `${why}\n${fc.defaultReportMessage(details) ?? ""}`;
}

/** One history again: `TIDEMARK_REPLAY=seed/path`, as a failure names them. */
function replay(): { seed: number; path: string } | Record<string, never> {
  const [seed, ...path] = (process.env["TIDEMARK_REPLAY"] ?? "").split("/");
  return seed ? { seed: Number(seed), path: path.join(":") } : {};
}
