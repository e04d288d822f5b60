import { createSimulator, type FaultRule, type Simulator } from "@tidemark/okta-simulator";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { COMPARED_OBJECTS, differences } from "../support/compare.js";
import { run, testConfig } from "../support/pipeline.js";
import { freshSchema } from "../support/postgres.js";
import { VirtualClock } from "../support/virtual-clock.js";
import { history, play, type Step, type Trouble } from "./histories.js";

const RUNS = process.env["TIDEMARK_TEST_LONG"] === "1" ? 150 : 12;
/** Longer than every lag, and than the time after which what an event named is read once more. */
const QUIET_MS = 11 * 60_000;

const FAULTS: Readonly<Record<Exclude<Trouble, "none" | "stopped">, FaultRule>> = {
  throttled: { kind: "status", status: 429, resetAfterMs: 2_000, probability: 0.2, times: 20 },
  errors: { kind: "status", status: 500, probability: 0.2, times: 20 },
  dropped: { kind: "drop", probability: 0.2, times: 10 },
  truncated: { kind: "truncate", probability: 0.2, times: 10 },
  "empty-pages": { kind: "emptyPageWithNext", probability: 0.3, times: 10 },
};

describe("random histories", () => {
  test("after a quiet run the warehouse equals the org", { timeout: 3_000_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 1_000_000 }), async (steps, seed) => {
        expect(await playHistory(steps, seed)).toEqual([]);
      }),
      { numRuns: RUNS, endOnFailure: process.env["TIDEMARK_SHRINK"] !== "1" },
    );
  });
});

async function playHistory(steps: readonly Step[], seed: number): Promise<string[]> {
  const clock = new VirtualClock();
  const lag = { listMs: 20_000, searchMs: 60_000, membershipMs: 30_000, logMs: 5_000 };
  const sim = await createSimulator({ users: 40, groups: 6, apps: 4, customAttributes: 3, seed, clock, lag });
  const place = await freshSchema();
  const yaml = testConfig({ sim, databaseUrl: place.url, schema: place.schema });
  const warehouse = await place.open();
  try {
    await run(yaml, { clock });
    for (const step of steps) await take(sim, step, { clock, yaml });
    sim.faults.clear();
    const lines: string[] = [];
    for (const mode of [{}, { reconcile: true }]) {
      // What Okta does after a write happens at the latest now, and then nothing for a while.
      sim.org.settle();
      clock.advance(QUIET_MS);
      const report = await run(yaml, { clock, allowMassDelete: true, ...mode });
      if (report.status !== "succeeded")
        lines.push(
          `run ${report.status}: ${JSON.stringify(report.error ?? report.objects.filter((object) => object.status !== "succeeded"))}`,
        );
      const silent = "reconcile" in mode;
      for (const object of COMPARED_OBJECTS)
        lines.push(
          ...(await differences(sim, { query: place.query, warehouse }, object, { silent })).map(
            (line) => `${silent ? "after reconcile: " : ""}${line}`,
          ),
        );
    }
    return lines;
  } finally {
    await sim.close();
    await place.drop();
  }
}

async function take(sim: Simulator, step: Step, around: { clock: VirtualClock; yaml: string }): Promise<void> {
  const { clock, yaml } = around;
  switch (step.step) {
    case "happen":
      play(sim, step.happening);
      clock.advance(500);
      return;
    case "wait":
      clock.advance(step.ms);
      return;
    case "run": {
      sim.faults.clear();
      const { trouble } = step;
      if (trouble !== "none" && trouble !== "stopped") sim.faults.add(FAULTS[trouble]);
      const stop = new AbortController();
      if (trouble === "stopped") setTimeout(() => stop.abort(new DOMException("stopped", "AbortError")), 60);
      await run(yaml, { clock, allowMassDelete: true, signal: stop.signal });
      sim.faults.clear();
      return;
    }
    default:
      step satisfies never;
  }
}
